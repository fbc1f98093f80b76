import { TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formats } from "../../../packages/schema/src/format/formats.ts";
import { outerTerm } from "../../../packages/schema/src/format/outer-term.ts";
import { instances } from "../../support/random-instance.ts";
import { ajvAccepts } from "./support/ajv-accepts.ts";
import { memberOf } from "./support/member-of.ts";
import { mutationOf } from "./support/mutation-of.ts";
import { readFormatTable } from "./support/read-format-table.ts";

// What is outside of a format's superset is refused by ajv as well, and by the tables: "not in the format" then holds.

describe.each([...formats.values()])("$name", (format) => {
  const arena = new TermArena();
  const term = format.term(arena);
  const outer = outerTerm(format, arena);
  const isOutside = (text: string): boolean => !arena.acceptsText(outer, text);

  test("holds the enforced language, and the members of the table", () => {
    expect(arena.includes(outer, term)).toBe(true);
    for (const { text, accepted } of readFormatTable(format.name)) if (accepted) expect(isOutside(text)).toBe(false);
  });

  test("ajv refuses what is outside", () => {
    const accepts = ajvAccepts(format.name);
    if (accepts === undefined) return;
    const listed = readFormatTable(format.name).map((entry) => entry.text);
    const members = fc.oneof(memberOf(arena, term), memberOf(arena, outer), fc.constantFrom(...listed));
    const texts = fc.oneof(mutationOf(members), members, instances.map(String), fc.string({ unit: "binary" }));
    let outside = 0;
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.isWellFormed());
        if (!isOutside(text)) return;
        outside++;
        expect({ text, accepted: accepts(text) }).toEqual({ text, accepted: false });
      }),
      { numRuns: 4000, seed: 3 },
    );
    expect(outside).toBeGreaterThan(50);
  });
});
