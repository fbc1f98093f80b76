import { EspalierError } from "./espalier-error.ts";

/** A model cannot be loaded or misbehaves: a missing or truncated file, NaN logits, a wrong shape. */
export class ModelError extends EspalierError {
  readonly code = "model";
}
