import { UnsatisfiableError, type Matcher } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BruteForce, wordsOf } from "../../support/brute-force.ts";
import { maskOf } from "../../support/mask-lists.ts";
import type { JsonValue } from "../../support/random-instance.ts";
import { randomSchemas, type Schema } from "../../support/random-schema.ts";
import { runs } from "../../support/runs.ts";
import { schemaOracle } from "../../support/schema-oracle.ts";
import { wordVocabulary } from "../../support/vocabularies.ts";

// A universe of JSON values that is small enough to be listed: scalars, lists of up to two of them, objects with the keys a and b. The
// vocabulary has no whitespace, backslash, point, exponent or minus, so that each value has one text for each order of its members.

const SCALARS: readonly JsonValue[] = [null, 0, 1, 10, "", "a", "b", "ab"];
const KEYS = ["a", "b"];

const UNIVERSE: Schema = {
  $defs: { scalar: { enum: SCALARS } },
  type: ["null", "integer", "string", "array", "object"],
  if: { type: ["array", "object"] },
  else: { $ref: "#/$defs/scalar" },
  maxItems: 2,
  items: { $ref: "#/$defs/scalar" },
  properties: { a: { $ref: "#/$defs/scalar" }, b: { $ref: "#/$defs/scalar" } },
  additionalProperties: false,
};

interface Entry {
  readonly text: string;
  readonly value: JsonValue;
  /** Whether the members are in the order in which the universe's schema lists them. */
  readonly inSchemaOrder: boolean;
}

function universe(): Entry[] {
  const texts = SCALARS.map((value) => JSON.stringify(value));
  const lists = [
    "[]",
    ...texts.map((text) => `[${text}]`),
    ...texts.flatMap((one) => texts.map((two) => `[${one},${two}]`)),
  ];
  const members = (key: string): string[] => texts.map((text) => `"${key}":${text}`);
  const pairs = ([first, second]: readonly string[]): string[] =>
    members(first).flatMap((one) => members(second).map((two) => `{${one},${two}}`));
  const ordered = [...texts, ...lists, "{}", ...KEYS.flatMap(members).map((member) => `{${member}}`), ...pairs(KEYS)];
  const entry = (text: string, inSchemaOrder: boolean): Entry => ({
    text,
    value: JSON.parse(text) as JsonValue,
    inSchemaOrder,
  });
  return [...ordered.map((text) => entry(text, true)), ...pairs(KEYS.toReversed()).map((text) => entry(text, false))];
}

const UNIVERSE_ENTRIES = universe();

const CHARACTERS = [...'{}[],:"ab01', "null"];
const LONGER = [
  ...[
    '{"',
    '":',
    '","',
    '"a":',
    '"b":0',
    "},",
    '"}',
    "[0",
    ",1",
    "null]",
    '"a"',
    '{"a":0,',
    '["a',
    'a"]',
    "[]",
    "{}",
    "01",
    "10",
    '""',
    '"b',
    "ab",
    "0}",
  ],
  ...['{"a":null', "[null,null]", 'a":', '":"', '","b":', "1]", "1,", '0,"', 'b"}', '"ab"'],
];
/** The characters that the universe needs, perhaps without a few, and some longer tokens. */
const vocabularies = fc
  .record({
    missing: fc.oneof(
      { weight: 2, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: fc.subarray(CHARACTERS, { minLength: 1, maxLength: 2 }) },
    ),
    longer: fc.subarray(LONGER, { maxLength: 12 }),
  })
  .map(({ missing, longer }) =>
    wordVocabulary([...CHARACTERS.filter((character) => !missing.includes(character)), ...longer]),
  );

for (const propertyOrder of ["any", "schema"] as const) {
  test(`masks of random schemas allow exactly what leads to a listed value, with properties in ${propertyOrder} order`, () => {
    const counts = { masks: 0, unspellable: 0, members: 0 };
    fc.assert(
      fc.property(randomSchemas("2020-12", 3), vocabularies, (schema, vocabulary) => {
        const isValid = schemaOracle(schema);
        const entries = UNIVERSE_ENTRIES.filter((entry) => propertyOrder === "any" || entry.inSchemaOrder);
        const members = entries.filter((entry) => isValid(entry.value)).map((entry) => entry.text);
        const brute = new BruteForce(members, wordsOf(vocabulary), vocabulary.eosTokens);
        const bounded = new JsonSchema(
          { ...(UNIVERSE as object), ...embedded(schema) },
          { propertyOrder, whitespace: "" },
        );
        expect(bounded.isSatisfiable || members.length === 0).toBe(true);
        if (brute.cost("") === Infinity) {
          expect(() => bounded.constraint(vocabulary)).toThrow(UnsatisfiableError);
          counts.unspellable++;
          return;
        }
        counts.members += members.length;
        const words = wordsOf(vocabulary);
        const queue: [string, Matcher][] = [["", bounded.constraint(vocabulary).matcher()]];
        const seen = new Set<string>();
        for (const [text, matcher] of queue) {
          const expected = brute.mask(text);
          expect({ text, mask: maskOf(matcher, vocabulary).map((token) => words[token] ?? "end") }).toEqual({
            text,
            mask: expected.map((token) => words[token] ?? "end"),
          });
          expect(matcher.isAccepting()).toBe(brute.isMember(text));
          counts.masks++;
          for (const token of expected) {
            const word = words[token];
            if (word === undefined || seen.has(text + word)) continue;
            seen.add(text + word);
            const next = matcher.clone();
            expect(next.consume(token)).toBe(true);
            queue.push([text + word, next]);
          }
        }
      }),
      { numRuns: runs(100) },
    );
    expect(counts.masks).toBeGreaterThan(1_000);
    expect(counts.members).toBeGreaterThan(1_000);
    expect(counts.unspellable).toBeGreaterThan(0);
  });
}

/** The random schema beside the universe's, with its definitions where its references look for them. */
function embedded(schema: Schema): object {
  return { allOf: [typeof schema === "boolean" ? schema : { $id: "http://random.test/schema", ...schema }] };
}
