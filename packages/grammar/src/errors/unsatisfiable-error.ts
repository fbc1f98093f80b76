import { EspalierError } from "./espalier-error.ts";

/** No output exists: the language is empty, or the vocabulary cannot spell any text of it. */
export class UnsatisfiableError extends EspalierError {
  readonly code = "unsatisfiable";
}
