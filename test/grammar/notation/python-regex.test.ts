import { readFileSync } from "node:fs";
import { compileRegex, TermArena } from "@espalier/grammar";
import { describe, expect, it } from "vitest";
import { translatePythonRegex } from "../../../packages/grammar/src/notation/lark/python-regex.ts";

const lines = readFileSync(new URL("cases/python-patterns.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("/"));

describe("cases/python-patterns.txt", () => {
  it.each(lines)("%s", (line) => {
    const [, source, flags, rest] = /^\/(.*)\/([imsx]*)((?: [+-](?: "(?:[^"\\]|\\.)*")+)+)$/.exec(line) as string[];
    const translated = translatePythonRegex(source, flags);
    const arena = new TermArena();
    const term = compileRegex(arena, translated.source, { flags: translated.flags, match: "whole" });
    // The running engine reads the translation too, unless it is older than (?i:…).
    const engine = /\(\?[ims-]+:/.test(translated.source)
      ? undefined
      : new RegExp(`^(?:${translated.source})$`, translated.flags);
    let accepted = true;
    for (const [, sign, text] of rest.matchAll(/ ([+-])(?= )| ("(?:[^"\\]|\\.)*")/g)) {
      if (sign !== undefined) accepted = sign === "+";
      else {
        const sample = JSON.parse(text) as string;
        expect(arena.acceptsText(term, sample), text).toBe(accepted);
        if (engine !== undefined) expect(engine.test(sample), text).toBe(accepted);
      }
    }
  });
});
