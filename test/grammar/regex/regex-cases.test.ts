import { compileRegex, EspalierError, TermArena } from "@espalier/grammar";
import { describe, expect, test } from "vitest";
import { readCases, type RegexCase } from "./support/read-cases.ts";

const cases = readCases(new URL("cases.txt", import.meta.url));

function engine({ source, flags, match }: RegexCase): RegExp {
  return new RegExp(match === "whole" ? `^(?:${source})$` : source, flags);
}

describe("cases.txt", () => {
  test.each(cases.map((one) => [`line ${one.line}: /${one.source}/${one.flags}`, one] as const))("%s", (_, one) => {
    const { source, flags, match, fallback } = one;
    const compile = (arena: TermArena) => compileRegex(arena, source, { flags, match, fallback });
    if (one.error !== undefined) {
      const error = caught(() => compile(new TermArena()));
      expect(error.name).toBe(one.error.className);
      expect(error.message).toContain(one.error.fragment);
      return;
    }
    expect(one.accepted.length + one.refused.length).toBeGreaterThan(0);
    const arena = new TermArena();
    const term = compile(arena);
    for (const text of one.accepted) expect([text, arena.acceptsText(term, text)]).toEqual([text, true]);
    for (const text of one.refused) expect([text, arena.acceptsText(term, text)]).toEqual([text, false]);
    // The cases say what they say; where the engine can, it bears witness.
    if (!one.engineKnows) return;
    for (const text of one.accepted) expect([text, engine(one).test(text)]).toEqual([text, true]);
    for (const text of one.refused) expect([text, engine(one).test(text)]).toEqual([text, false]);
  });
});

test("errors name the place and the offset", () => {
  const arena = new TermArena();
  const place = "#/properties/a/pattern";
  const invalid = caught(() => compileRegex(arena, "a(", { flags: "u", match: "search", place }));
  expect(invalid.place).toBe("#/properties/a/pattern offset 2");
  expect(invalid.message).toBe(
    "The pattern /a(/ is not a regular expression at #/properties/a/pattern: unterminated group at offset 2.",
  );
  const unsupported = caught(() => compileRegex(arena, "(a)\\1", { match: "search", place }));
  expect(unsupported.place).toBe("#/properties/a/pattern offset 3");
  expect(unsupported.message).toContain(place);
});

function caught(run: () => unknown): EspalierError {
  try {
    run();
  } catch (error) {
    if (error instanceof EspalierError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}
