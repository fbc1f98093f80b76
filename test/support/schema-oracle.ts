import { ajvIsSure, ajvValidator } from "./ajv-oracle.ts";
import type { JsonValue } from "./random-instance.ts";
import type { OracleDialect, Schema } from "./random-schema.ts";
import { specValidator } from "./spec-validator.ts";

/** Whether instances satisfy a schema: as ajv says, or as the specification says where ajv is known to deviate from it. */
export function schemaOracle(schema: Schema, dialect: OracleDialect = "2020-12"): (instance: JsonValue) => boolean {
  const specSays = specValidator(schema, dialect);
  if (!ajvIsSure(schema)) return specSays;
  const ajvSays = ajvValidator(schema, dialect);
  return (instance) => ajvSays(instance) ?? specSays(instance);
}

/** Divisibility is decided in doubles by the oracles: false for schemas and instances where a double may be too coarse. */
export function doublesSuffice(schema: Schema, instance: JsonValue): boolean {
  if (!JSON.stringify(schema).includes('"multipleOf"')) return true;
  const visit = (value: JsonValue): boolean => {
    if (typeof value === "number") return Math.abs(value) < 1e6 && Number.isInteger(value * 1e4);
    return typeof value !== "object" || value === null || Object.values(value).every(visit);
  };
  return visit(instance);
}
