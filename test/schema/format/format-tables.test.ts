import { TermArena } from "@espalier/grammar";
import { describe, expect, test } from "vitest";
import { formats } from "../../../packages/schema/src/format/formats.ts";
import { ajvAccepts } from "./support/ajv-accepts.ts";
import { readFormatTable } from "./support/read-format-table.ts";

describe.each([...formats.values()])("the table of $name", (format) => {
  const arena = new TermArena();
  const cases = readFormatTable(format.name);
  const accepts = ajvAccepts(format.name);

  test("has cases of both kinds", () => {
    expect(cases.filter((entry) => entry.accepted).length).toBeGreaterThanOrEqual(4);
    expect(cases.filter((entry) => !entry.accepted).length).toBeGreaterThanOrEqual(4);
  });

  test.each(cases)("line $line: $text", ({ text, accepted }) => {
    expect(arena.acceptsText(format.term(arena), text)).toBe(accepted);
    if (accepted && accepts !== undefined) expect(accepts(text)).toBe(true);
  });
});
