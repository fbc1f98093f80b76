import { Ajv, type Options, type ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { formats } from "../../../packages/schema/src/index.ts";
import { isMultipleOf } from "../support/decimal-text.ts";

const OPTIONS: Options = {
  strict: false,
  validateSchema: false,
  logger: false,
};

/** ajv for draft 4, from a package that only bench/ installs; undefined when that has not been done. */
const AjvDraft04 = await loadAjvDraft04();

/**
 * The schema compiled by ajv, with ajv-formats, for the draft that `$schema` names (2020-12 when it names none).
 * @throws Error when ajv cannot compile it.
 */
export function compileWithAjv(schema: unknown): ValidateFunction {
  if (typeof schema !== "object" || schema === null) return new Ajv2020(OPTIONS).compile(schema as boolean);
  const { $schema, ...rest } = schema as { $schema?: unknown };
  const draft = typeof $schema === "string" ? /draft-0[467]|2019-09|2020-12/.exec($schema)?.[0] : undefined;
  const read = draft === undefined || /^\d/.test(draft) ? rest : (withoutTypeBesideReference(rest) as object);
  try {
    return engineOf(draft, OPTIONS).compile(read);
  } catch (error) {
    if (!/Invalid regular expression/i.test(String(error))) throw error;
    // Patterns that are none with the u flag.
    return engineOf(draft, { ...OPTIONS, unicodeRegExp: false }).compile(read);
  }
}

/** Up to draft 7 nothing beside `$ref` counts. ajv's `ignoreKeywordsWithRef` forgets about `type`. */
function withoutTypeBesideReference(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutTypeBesideReference);
  if (typeof schema !== "object" || schema === null) return schema;
  const isReference = typeof (schema as { $ref?: unknown }).$ref === "string";
  const entries = Object.entries(schema).filter(([name]) => !isReference || name !== "type");
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutTypeBesideReference(value)]));
}

/** A new engine: schemas with equal identifiers must not meet. */
function engineOf(draft: string | undefined, options: Options): Ajv | Ajv2019 | Ajv2020 {
  const ajv = emptyEngine(draft, options);
  addFormats.default(ajv, { mode: "full" });
  // ajv-formats knows names that JSON Schema does not ("url", "byte", "int32"): annotations, as all that it does not define.
  for (const name of Object.keys(ajv.formats)) if (!formats.has(name)) ajv.addFormat(name, true);
  // ajv refuses draft 4's name for $id, which later drafts do not know and therefore ignore.
  if (draft !== "draft-04") ajv.removeKeyword("id");
  // ajv divides doubles: 0.3 is no multiple of 0.1 then, and 1e308 one of everything.
  ajv.removeKeyword("multipleOf").addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    validate: (divisor: number, value: number) => isMultipleOf(value, divisor),
  });
  return ajv;
}

function emptyEngine(draft: string | undefined, options: Options): Ajv | Ajv2019 | Ajv2020 {
  const beforeSiblings = { ...options, ignoreKeywordsWithRef: true };
  switch (draft) {
    case "draft-04":
      if (AjvDraft04 === undefined) throw new Error("ajv-draft-04 is not installed: draft 4 is not judged");
      return new AjvDraft04(beforeSiblings);
    case "draft-06":
    case "draft-07":
      return new Ajv(beforeSiblings);
    case "2019-09":
      return new Ajv2019(options);
    default:
      return new Ajv2020(options);
  }
}

async function loadAjvDraft04(): Promise<(new (options: Options) => Ajv) | undefined> {
  const specifier = "ajv-draft-04";
  try {
    const loaded = (await import(specifier)) as { default: { default: new (options: Options) => Ajv } };
    return loaded.default.default;
  } catch {
    return undefined;
  }
}
