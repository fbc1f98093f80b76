import type { TokenId } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { expectMasksOfTrying } from "../support/masks-on-a-walk.ts";
import { runs } from "../support/runs.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

// Masks inside keys follow the keys along the token trie, and escapes as other spellings of their characters. Here every token is stepped
// byte by byte, in a vocabulary that has many ways to spell a few characters.

const CHARACTERS = ["a", "b", "/", '"', "\\", "\n", "é", "\u00ea", "😀"];

/** Spellings of characters in JSON strings, whole and in parts, alone and with what may come around them. */
const spellings = CHARACTERS.flatMap((char) => {
  const units = char.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [
    JSON.stringify(char).slice(1, -1),
    units.join(""),
    units.join("").toUpperCase().replaceAll("\\U", "\\u"),
    units[0],
  ];
});
const vocabulary = byteVocabulary([
  ...new Set([
    ...spellings,
    ...spellings.flatMap((spelling) => [
      `a${spelling}`,
      `${spelling}b`,
      `${spelling}":`,
      `"${spelling}`,
      spelling.slice(0, -1),
    ]),
    ...["\\u", "\\u00", "00", "61", "\\/", '\\/"', '":', '": "', '{"', '","', '", "', "ab", "aé"],
  ]),
]);

const keys = fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 4 });
const objects = fc.record({
  names: fc.uniqueArray(keys, { minLength: 1, maxLength: 6 }),
  additionalProperties: fc.boolean(),
  escapes: fc.constantFrom("any" as const, "minimal" as const),
  propertyOrder: fc.constantFrom("any" as const, "schema" as const),
  turns: fc.array(fc.nat(0xffff), { minLength: 6, maxLength: 24, size: "max" }),
});

test("masks inside keys are what trying every token says, however their characters are spelled", () => {
  let insideKeys = 0;
  fc.assert(
    fc.property(objects, ({ names, additionalProperties, escapes, propertyOrder, turns }) => {
      const properties = Object.fromEntries(names.map((name) => [name, { type: "null" }]));
      const schema = { type: "object", properties, additionalProperties };
      const constraint = new JsonSchema(schema, { escapes, propertyOrder, whitespace: "" }).constraint(vocabulary);
      // Escapes and keys first, so that most masks are asked for inside of keys.
      const isKeyText = (token: TokenId): boolean =>
        /^[\\a-z0-9/"é]/.test(Buffer.from(vocabulary.bytes(token)).toString());
      for (const state of expectMasksOfTrying(constraint, vocabulary, turns, isKeyText)) {
        if (constraint.automaton.toString(state).startsWith("text")) insideKeys++;
      }
    }),
    { numRuns: runs(120) },
  );
  expect(insideKeys).toBeGreaterThan(100);
});
