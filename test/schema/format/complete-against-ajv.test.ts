import { TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formats } from "../../../packages/schema/src/format/formats.ts";
import { ajvAccepts } from "./support/ajv-accepts.ts";
import { memberOf } from "./support/member-of.ts";
import { mutationOf } from "./support/mutation-of.ts";

/** The formats that ajv takes no wider than they are here: for these it decides in both directions. */
const EQUAL = ["date", "email", "ipv4", "ipv6", "json-pointer", "relative-json-pointer"];

test.each(EQUAL)("%s: mutated members are members exactly when ajv says so", (name) => {
  const arena = new TermArena();
  const term = formats.get(name)!.term(arena);
  const accepts = ajvAccepts(name)!;
  let members = 0;
  fc.assert(
    fc.property(mutationOf(memberOf(arena, term)), (text) => {
      const member = accepts(text);
      if (member) members++;
      return arena.acceptsText(term, text) === member;
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(members).toBeGreaterThan(50);
});
