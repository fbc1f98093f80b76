import { TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { regex } from "../../../packages/schema/src/format/pattern/regex.ts";
import { memberOf } from "./support/member-of.ts";
import { mutationOf } from "./support/mutation-of.ts";
import { readFormatTable } from "./support/read-format-table.ts";

const arena = new TermArena();
const term = regex.term(arena);

function compiles(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}

test("random members compile with and without the flag u", () => {
  fc.assert(
    fc.property(memberOf(arena, term, 80), (source) => compiles(source, "") && compiles(source, "u")),
    { numRuns: 3000, seed: 4 },
  );
});

test("mutated patterns that do not compile are refused", () => {
  const listed = readFormatTable("regex")
    .filter((entry) => entry.accepted)
    .map((entry) => entry.text);
  let refused = 0;
  fc.assert(
    fc.property(mutationOf(fc.oneof(memberOf(arena, term), fc.constantFrom(...listed))), (source) => {
      if (compiles(source, "") && compiles(source, "u")) return true;
      refused++;
      return !arena.acceptsText(term, source);
    }),
    { numRuns: 3000, seed: 5 },
  );
  expect(refused).toBeGreaterThan(500);
});

test("counts of one or two digits are in order", () => {
  for (let n = 0; n < 100; n++) {
    for (let m = 0; m < 100; m++) {
      const source = `a{${n},${m}}`;
      expect(arena.acceptsText(term, source), source).toBe(n <= m);
    }
  }
});
