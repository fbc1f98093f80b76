import { TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formats } from "../../../packages/schema/src/format/formats.ts";
import { ajvAccepts } from "./support/ajv-accepts.ts";
import { memberOf } from "./support/member-of.ts";
import { mutationOf } from "./support/mutation-of.ts";
import { readFormatTable } from "./support/read-format-table.ts";

const known = [...formats.values()].filter((format) => ajvAccepts(format.name) !== undefined);

test("ajv knows most of the formats", () => {
  expect(known.length).toBe(15);
});

describe.each(known)("$name", (format) => {
  const arena = new TermArena();
  const term = format.term(arena);
  const accepts = ajvAccepts(format.name)!;

  test("random members are members for ajv", () => {
    fc.assert(
      fc.property(memberOf(arena, term), (text) => accepts(text)),
      { numRuns: 1000, seed: 1 },
    );
  });

  test("what ajv refuses among mutated members is refused", () => {
    const listed = readFormatTable(format.name)
      .filter((entry) => entry.accepted)
      .map((entry) => entry.text);
    const members = fc.oneof(memberOf(arena, term), fc.constantFrom(...listed));
    let refused = 0;
    fc.assert(
      fc.property(mutationOf(members), (text) => {
        if (accepts(text)) return true;
        refused++;
        return !arena.acceptsText(term, text);
      }),
      { numRuns: 2000, seed: 2 },
    );
    expect(refused).toBeGreaterThan(format.name === "json-pointer" ? 20 : 100);
  });
});
