import { JsonSchema } from "@espalier/schema";
import { LimitExceededError } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts, walk } from "../support/automaton-texts.ts";
import { ajvValidator } from "../support/ajv-oracle.ts";
import { jsonText } from "../support/json-text.ts";
import { instances, mutationOf, type JsonValue } from "../support/random-instance.ts";
import { randomSchemas, type OracleDialect } from "../support/random-schema.ts";

const turnLists = fc.array(fc.nat(0xffff), { maxLength: 40, size: "max" });

/** An instance of any kind, or one near the schema's own: a random member of its language with one change. */
const candidates = fc.oneof(
  { weight: 1, arbitrary: fc.record({ instance: instances, spelling: turnLists }) },
  { weight: 1, arbitrary: fc.record({ walk: turnLists, change: fc.option(fc.tuple(instances, fc.nat(0xffff))), spelling: turnLists }) },
);

const RUNS: Record<OracleDialect, number> = { "2020-12": 1500, "2019-09": 500, "draft-07": 500 };

for (const dialect of ["2020-12", "2019-09", "draft-07"] as const) {
  test(`acceptance agrees with ajv on random schemas of ${dialect}`, () => {
    const counts = { schemas: 0, accepted: 0, refused: 0, skipped: 0 };
    fc.assert(
      fc.property(randomSchemas(dialect), fc.array(candidates, { minLength: 8, maxLength: 24, size: "max" }), (schema, list) => {
        const isValid = ajvValidator(schema, dialect);
        counts.schemas++;
        try {
          const { automaton } = new JsonSchema(schema, { dialect, propertyOrder: "any" });
          for (const candidate of list) {
            let value: JsonValue;
            if ("instance" in candidate) value = candidate.instance;
            else {
              if (automaton.start === 0) continue;
              value = JSON.parse(walk(automaton, candidate.walk)) as JsonValue;
              if (candidate.change !== null) value = mutationOf(value, ...candidate.change);
            }
            const text = jsonText(value, candidate.spelling);
            const expected = isValid(JSON.parse(text));
            expect({ text, accepted: accepts(automaton, text) }).toEqual({ text, accepted: expected });
            if (expected) counts.accepted++;
            else counts.refused++;
          }
        } catch (error) {
          if (!(error instanceof LimitExceededError)) throw error;
          counts.skipped++;
        }
      }),
      { numRuns: RUNS[dialect] },
    );
    console.log(dialect, counts);
    expect(counts.accepted).toBeGreaterThan(counts.schemas);
    expect(counts.refused).toBeGreaterThan(counts.schemas);
    expect(counts.skipped).toBeLessThan(counts.schemas / 100);
  });
}
