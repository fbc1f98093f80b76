import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** What ajv, an independent validator, has against a text; `undefined` when it has nothing. */
export function ajvErrors(schema: object, text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`;
  }
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  if (validate(value)) return undefined;
  return (validate.errors ?? [])
    .map(({ instancePath, message }) => `${instancePath === "" ? "the value" : instancePath} ${message}`)
    .join("; ");
}
