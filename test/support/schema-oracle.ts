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

/** Whether the oracles and the standards agree on what a text is. */
export function oraclesReadAlike(schema: Schema, text: string): boolean {
  return doublesSuffice(schema, text) && !isDoubtfulReference(schema, text) && !isDoubtfulPattern(schema, text);
}

/**
 * ajv-formats lets a relative reference begin with a segment that has a colon ("1:a", "2001:db8::1"). RFC 3986 (section 4.2) does not: it
 * could be taken for a scheme. Such texts are neither accepted as `uri-reference` nor as "not that".
 */
function isDoubtfulReference(schema: Schema, text: string): boolean {
  return JSON.stringify(schema).includes('"uri-reference"') && /"(?![a-z][a-z\d+.-]*:)[^"/?#]*:[^"]*"/i.test(text);
}

/** ajv-formats takes for a `regex` what JavaScript takes without the flag `u`; JSON Schema's patterns are with it. */
function isDoubtfulPattern(schema: Schema, text: string): boolean {
  if (!JSON.stringify(schema).includes('"regex"')) return false;
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].some(([string]) => {
    const pattern = JSON.parse(string) as string;
    return compiles(pattern, "") !== compiles(pattern, "u");
  });
}

function compiles(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the oracles, which read numbers as doubles, see the numbers of a text as they are written: at most 15 digits, no overflow, and,
 * where a schema asks for divisibility, small enough to divide.
 */
function doublesSuffice(schema: Schema, text: string): boolean {
  const divides = JSON.stringify(schema).includes('"multipleOf"');
  for (const [number] of text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(/-?\d[\d.eE+-]*/g)) {
    const [mantissa] = number.split(/e/i);
    const digits = mantissa.replaceAll(/[-.]/g, "").replace(/^0+/, "");
    const value = Number(number);
    if (digits.length > 15 || Math.abs(value) > 1e300) return false;
    if (value === 0 ? digits !== "" : Math.abs(value) < 1e-300) return false;
    if (divides && !(Math.abs(value) < 1e6 && Number.isInteger(value * 1e4))) return false;
  }
  return true;
}
