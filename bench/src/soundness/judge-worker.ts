import type { ValidateFunction } from "ajv";
import type { SchemaCase } from "../support/schema-cases.ts";
import { describeError, serveRequests } from "../support/serve-requests.ts";
import { compileWithAjv } from "./ajv-for-schema.ts";

export interface JudgeRequest {
  readonly line: string;
  readonly texts: readonly string[];
}

/** For each text: undefined when it is valid, else why not. */
export type JudgeReply =
  | { readonly kind: "judged"; readonly verdicts: readonly (string | undefined)[] }
  | { readonly kind: "cannotCompile"; readonly why: string };

await serveRequests<JudgeRequest, JudgeReply>(() => ({ line, texts }) => {
  let validate: ValidateFunction;
  try {
    validate = compileWithAjv((JSON.parse(line) as SchemaCase).schema);
  } catch (error) {
    return { kind: "cannotCompile", why: describeError(error) };
  }
  return {
    kind: "judged",
    verdicts: texts.map((text) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (error) {
        return `not JSON: ${describeError(error)}`;
      }
      if (validate(value)) return undefined;
      const [first] = validate.errors!;
      return `${first.schemaPath} at ${first.instancePath === "" ? "the root" : first.instancePath}: ${first.message ?? ""} ${JSON.stringify(first.params)}`;
    }),
  };
});
