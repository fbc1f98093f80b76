import { Ajv } from "ajv";
import addFormats from "ajv-formats";

const ajv = new Ajv();
addFormats.default(ajv, { mode: "full" });

/** Ajv's answer for a format, or undefined for a format that it does not know. */
export function ajvAccepts(format: string): ((text: string) => boolean) | undefined {
  if (ajv.formats[format] === undefined) return undefined;
  const validate = ajv.compile<string>({ type: "string", format });
  return (text) => validate(text);
}
