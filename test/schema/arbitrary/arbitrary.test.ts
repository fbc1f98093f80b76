import { UnsatisfiableError } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitrary } from "../../../packages/schema/src/arbitrary/arbitrary.ts";
import type { JsonValue } from "../../../packages/schema/src/arbitrary/json-value.ts";
import { sampleTexts } from "../../../packages/schema/src/arbitrary/sample-texts.ts";
import { isSimpler, simplerValues } from "../../../packages/schema/src/arbitrary/simpler-values.ts";
import { accepts } from "../../support/automaton-texts.ts";
import { instances } from "../../support/random-instance.ts";
import { randomSchemas, type Schema } from "../../support/random-schema.ts";
import { runs } from "../../support/runs.ts";
import { oraclesReadAlike, schemaOracle } from "../../support/schema-oracle.ts";

const satisfiable = randomSchemas("2020-12").filter((schema) => new JsonSchema(schema).isSatisfiable);

test("every generated value and every shrunk one satisfies the schema", () => {
  const counts = { values: 0, shrunk: 0 };
  fc.assert(
    fc.property(satisfiable, fc.nat(), fc.nat(), (schema, seed, turn) => {
      const isValid = schemaOracle(schema);
      const expectValid = (value: JsonValue): void => {
        if (oraclesReadAlike(schema, JSON.stringify(value)))
          expect({ value, valid: isValid(value) }).toEqual({ value, valid: true });
      };
      const values = arbitrary(schema, { targetBytes: 60 });
      for (const value of fc.sample(values, { seed, numRuns: 5 })) {
        expectValid(value);
        counts.values++;
      }
      // Down one path of the tree of shrunk values, looking left and right.
      let [current] = fc.sample(values, { seed, numRuns: 1 });
      for (let depth = 0; depth < 8; depth++) {
        const simpler = [...values.shrink(current, undefined).take(12)].map((shrunk) => shrunk.value);
        for (const value of simpler) {
          expectValid(value);
          expect(isSimpler(value, current)).toBe(true);
          counts.shrunk++;
        }
        if (simpler.length === 0) break;
        current = simpler[(turn >> depth) % simpler.length];
      }
    }),
    { numRuns: runs(150) },
  );
  expect(counts.values).toBe(runs(150) * 5);
  expect(counts.shrunk).toBeGreaterThan(runs(150));
});

const PERSON: Schema = {
  type: "object",
  required: ["name", "tags"],
  properties: {
    name: { type: "string", minLength: 2 },
    age: { type: "integer", minimum: 3, maximum: 130 },
    tags: { type: "array", items: { enum: ["red", "green", "blue"] }, uniqueItems: true, minItems: 1 },
  },
  additionalProperties: false,
};

test("a failing value is reduced to a smallest one that still fails", () => {
  const smallestFor = (fails: (value: Record<string, unknown>) => boolean): unknown => {
    const details = fc.check(
      fc.property(arbitrary<Record<string, unknown>>(PERSON), (value) => !fails(value)),
      { numRuns: 2_000, seed: 7 },
    );
    return details.counterexample?.[0];
  };
  expect(smallestFor(() => true)).toEqual({ name: "  ", tags: ["red"] });
  expect(smallestFor((value) => "age" in value)).toEqual({ name: "  ", age: 3, tags: ["red"] });
  expect(smallestFor((value) => (value["age"] as number) > 40)).toEqual({ name: "  ", age: 41, tags: ["red"] });
  expect(smallestFor((value) => (value["tags"] as unknown[]).length === 2)).toMatchObject({ name: "  " });
});

test("simpler values are simpler, and chains of them end", () => {
  fc.assert(
    fc.property(instances, (value) => {
      for (const simpler of simplerValues(value)) expect(isSimpler(simpler, value)).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});

test("values of examples shrink, values that the schema refuses do not", () => {
  const values = arbitrary({ type: "integer", minimum: 3 });
  expect(values.canShrinkWithoutContext(5)).toBe(true);
  for (const foreign of [2, "5", undefined, Number.NaN, Symbol("5"), { toJSON: () => 5 }]) {
    expect(values.canShrinkWithoutContext(foreign)).toBe(false);
  }
});

test("a schema without values is refused", () => {
  expect(() => arbitrary({ type: "array", minItems: 2, maxItems: 1 })).toThrow(UnsatisfiableError);
});

test("sample texts are different members, the same for the same seed", () => {
  const schema = new JsonSchema(PERSON);
  const texts = sampleTexts(schema, { seed: 3, count: 20 });
  expect(new Set(texts).size).toBe(20);
  for (const text of texts)
    expect({ text, accepted: accepts(schema.automaton, text) }).toEqual({ text, accepted: true });
  expect(sampleTexts(schema, { seed: 3, count: 20 })).toEqual(texts);
  expect(sampleTexts(schema, { seed: 4, count: 20 })).not.toEqual(texts);
  expect(sampleTexts(new JsonSchema({ enum: ["a", "b"] }), { count: 5 }).toSorted()).toEqual(['"a"', '"b"']);
  expect(sampleTexts(new JsonSchema(false))).toEqual([]);
});
