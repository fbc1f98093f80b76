import { LimitExceededError } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ajvIsSure, ajvValidator } from "../support/ajv-oracle.ts";
import { expectAgreement } from "../support/oracle-agreement.ts";
import { candidates } from "../support/random-candidate.ts";
import { instances } from "../support/random-instance.ts";
import { randomSchemas, type OracleDialect } from "../support/random-schema.ts";
import { runs } from "../support/runs.ts";
import { schemaOracle } from "../support/schema-oracle.ts";
import { specValidator } from "../support/spec-validator.ts";

// Each failure prints its seed, and the smallest schema and instance found: keep those in cases/.

const DIALECTS: readonly { dialect: OracleDialect; count: number }[] = [
  { dialect: "2020-12", count: 800 },
  { dialect: "2019-09", count: 300 },
  { dialect: "draft-07", count: 300 },
];

describe.each(DIALECTS)("random schemas of $dialect", ({ dialect, count }) => {
  test("acceptance agrees with ajv", () => {
    const counts = { schemas: 0, byAjv: 0, accepted: 0, refused: 0, beyondLimits: 0 };
    const lists = fc.array(candidates, { minLength: 1, maxLength: 24, size: "max" });
    fc.assert(
      fc.property(randomSchemas(dialect), lists, (schema, list) => {
        counts.schemas++;
        if (ajvIsSure(schema)) counts.byAjv++;
        const isValid = schemaOracle(schema, dialect);
        try {
          const { automaton } = new JsonSchema(schema, { dialect, propertyOrder: "any" });
          const verdicts = expectAgreement(automaton, schema, isValid, list);
          const accepted = verdicts.filter(Boolean).length;
          counts.accepted += accepted;
          counts.refused += verdicts.length - accepted;
        } catch (error) {
          if (!(error instanceof LimitExceededError)) throw error;
          counts.beyondLimits++;
        }
      }),
      { numRuns: runs(count) },
    );
    expect(counts.beyondLimits).toBeLessThan(counts.schemas / 100);
    expect(counts.byAjv).toBeGreaterThan(counts.schemas * 0.6);
    expect(counts.accepted).toBeGreaterThan(counts.schemas);
    expect(counts.refused).toBeGreaterThan(counts.schemas);
  });

  test("the second opinion agrees with ajv where ajv is sure", () => {
    fc.assert(
      fc.property(
        randomSchemas(dialect),
        fc.array(instances, { minLength: 1, maxLength: 30, size: "max" }),
        (schema, list) => {
          fc.pre(ajvIsSure(schema));
          const ajvSays = ajvValidator(schema, dialect);
          const specSays = specValidator(schema, dialect);
          for (const instance of list) {
            const valid = specSays(instance);
            expect({ instance, valid: ajvSays(instance) ?? valid }).toEqual({ instance, valid });
          }
        },
      ),
      { numRuns: runs(count) },
    );
  });
});
