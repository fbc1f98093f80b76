import { EspalierError } from "./espalier-error.ts";

/** The input is not what it claims to be: a schema that is not a schema, a regex that does not parse, a bad option. */
export class InvalidInputError extends EspalierError {
  readonly code = "invalid-input";
}
