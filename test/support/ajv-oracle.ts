import { Ajv, type Options } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { OracleDialect, Schema } from "./random-schema.ts";

const OPTIONS: Options = {
  strict: false,
  validateSchema: false,
  logger: false,
  // Decimal divisors such as 0.1 divide decimals exactly; in doubles they do so up to a rounding error.
  multipleOfPrecision: 9,
};

const SCHEMA_ID = "http://oracle.test/schema";

const engines = new Map<OracleDialect, Ajv | Ajv2019 | Ajv2020>();

function engineOf(dialect: OracleDialect): Ajv | Ajv2019 | Ajv2020 {
  let engine = engines.get(dialect);
  if (engine === undefined) {
    engine =
      dialect === "2020-12" ? new Ajv2020(OPTIONS) : dialect === "2019-09" ? new Ajv2019(OPTIONS) : new Ajv({ ...OPTIONS, ignoreKeywordsWithRef: true });
    addFormats.default(engine, { mode: "full" });
    engines.set(dialect, engine);
  }
  return engine;
}

/** What ajv (with ajv-formats) says of instances of `schema`. */
export function ajvValidator(schema: Schema, dialect: OracleDialect = "2020-12"): (instance: unknown) => boolean {
  const engine = engineOf(dialect);
  if (typeof schema === "boolean") return () => schema;
  // Without an identifier of its own, ajv does not resolve "#" from within a definition.
  const copy = { $id: SCHEMA_ID, ...structuredClone(schema) };
  try {
    const validate = engine.compile(copy);
    return (instance) => validate(instance) as boolean;
  } finally {
    engine.removeSchema(copy);
  }
}
