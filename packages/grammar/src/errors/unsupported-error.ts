import { EspalierError } from "./espalier-error.ts";

/** The input is well formed and means something that this library does not enforce (a back-reference, say). */
export class UnsupportedError extends EspalierError {
  readonly code = "unsupported";
}
