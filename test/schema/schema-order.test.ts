import { LimitExceededError } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts } from "../support/automaton-texts.ts";
import { instances, type JsonValue } from "../support/random-instance.ts";
import { randomSchemas, type Schema } from "../support/random-schema.ts";
import { runs } from "../support/runs.ts";
import { oraclesReadAlike, schemaOracle } from "../support/schema-oracle.ts";

// In schema order a text is accepted with its members in one order. Which one that is, is not asked here: some order for each valid object, none for others.

const MAX_ORDERS = 200;

/** In how many orders the members of a value's objects may come. */
function orderCount(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 1;
  const children = Object.values<JsonValue>(value);
  const count = children.reduce<number>((all, child) => all * orderCount(child), 1);
  return Array.isArray(value) ? count : children.reduce<number>((all, _, i) => all * (i + 1), count);
}

/** The texts of a value with the members of its objects in every order. */
function textsOf(value: JsonValue): string[] {
  if (typeof value !== "object" || value === null) return [JSON.stringify(value)];
  if (Array.isArray(value)) return joined(value.map(textsOf)).map((items) => `[${items.join()}]`);
  const members = Object.entries(value).map(([key, child]) =>
    textsOf(child).map((text) => `${JSON.stringify(key)}:${text}`),
  );
  return permutations(members)
    .flatMap(joined)
    .map((texts) => `{${texts.join()}}`);
}

/** One of each list, in every way. */
function joined(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((all, list) => all.flatMap((some) => list.map((one) => [...some, one])), [[]]);
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one, i) => permutations(list.filter((_, other) => other !== i)).map((rest) => [one, ...rest]));
}

function acceptedInSomeOrder(schema: Schema, value: JsonValue): boolean {
  const { automaton } = new JsonSchema(schema, { propertyOrder: "schema" });
  return textsOf(value).some((text) => accepts(automaton, text));
}

test("each valid object is accepted in one order of its members", () => {
  const counts = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(
      randomSchemas("2020-12"),
      fc.array(instances, { minLength: 1, maxLength: 12, size: "max" }),
      (schema, list) => {
        const isValid = schemaOracle(schema);
        for (const value of list) {
          if (orderCount(value) > MAX_ORDERS || !oraclesReadAlike(schema, JSON.stringify(value))) continue;
          const valid = isValid(value);
          try {
            expect({ value, accepted: acceptedInSomeOrder(schema, value) }).toEqual({ value, accepted: valid });
          } catch (error) {
            if (!(error instanceof LimitExceededError)) throw error;
          }
          if (valid) counts.accepted++;
          else counts.refused++;
        }
      },
    ),
    { numRuns: runs(500) },
  );
  expect(counts.accepted).toBeGreaterThan(300);
  expect(counts.refused).toBeGreaterThan(300);
});

test.each<[Schema, JsonValue]>([
  [
    { not: { const: { a: 0 } }, properties: { a: true, b: true }, required: ["a"], maxProperties: 2 },
    { a: 0, c: 1 },
  ],
  [
    {
      not: { patternProperties: { "^[bc]": { type: "integer" } } },
      properties: { b: { type: "integer" } },
      maxProperties: 1,
    },
    { c: "x" },
  ],
])("%j accepts %j", (schema, value) => {
  expect(acceptedInSomeOrder({ type: "object", ...(schema as object) }, value)).toBe(true);
});

const names = fc.shuffledSubarray(["a", "b", "c", "d", "e"], { minLength: 1 });

test("members come in the order in which the schema lists them, whatever other schemas were compiled before", () => {
  const integers = (list: readonly string[]): Schema => ({
    properties: Object.fromEntries(list.map((name) => [name, { type: "integer" }])),
  });
  const around = fc.constantFrom<(inner: Schema, i: number) => Schema>(
    (inner) => inner,
    (inner) => ({ if: false, else: inner }),
    (inner) => ({ allOf: [inner] }),
    (inner, i) => ({ $id: `http://order.test/inner${i}`, $ref: "#/$defs/inner", $defs: { inner } }),
  );
  fc.assert(
    fc.property(names, fc.array(fc.tuple(names, around), { maxLength: 3 }), (first, others) => {
      const schema = {
        type: "object",
        ...(integers(first) as object),
        allOf: [true, ...others.map(([list, wrap], i) => wrap(integers(list), i))],
      };
      const listed = [...new Set([first, ...others.map(([list]) => list)].flat())];
      const textOf = (keys: readonly string[]): string => `{${keys.map((key) => `"${key}":0`).join()}}`;
      const { automaton } = new JsonSchema(schema, { propertyOrder: "schema" });
      expect({ listed, accepted: accepts(automaton, textOf(listed)) }).toEqual({ listed, accepted: true });
      for (let i = 1; i < listed.length; i++) {
        const swapped = listed.toSpliced(i - 1, 2, listed[i], listed[i - 1]);
        expect({ swapped, accepted: accepts(automaton, textOf(swapped)) }).toEqual({ swapped, accepted: false });
      }
    }),
    { numRuns: runs(200) },
  );
});
