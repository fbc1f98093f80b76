import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect } from "vitest";
import { accepts } from "./automaton-texts.ts";
import type { JsonValue } from "./random-instance.ts";
import type { SchemaObject } from "./random-schema.ts";
import { runs } from "./runs.ts";
import { schemaOracle } from "./schema-oracle.ts";

/** Expects random schemas to accept, of all `values`, those that are valid; and a good many to be accepted, and to be refused. */
export function expectEachValueJudged(schemas: fc.Arbitrary<SchemaObject>, values: readonly JsonValue[]): void {
  const counts = { accepted: 0, refused: 0 };
  const property = fc.property(schemas, (schema) => {
    const isValid = schemaOracle(schema);
    const { automaton } = new JsonSchema(schema, { propertyOrder: "any" });
    for (const value of values) {
      const accepted = accepts(automaton, JSON.stringify(value));
      expect({ value, accepted }).toEqual({ value, accepted: isValid(value) });
      counts[accepted ? "accepted" : "refused"]++;
    }
  });
  fc.assert(property, { numRuns: runs(200) });
  expect(counts.accepted).toBeGreaterThan(500);
  expect(counts.refused).toBeGreaterThan(500);
}
