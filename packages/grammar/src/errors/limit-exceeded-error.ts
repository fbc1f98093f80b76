import { EspalierError, type EspalierErrorFields } from "./espalier-error.ts";

export interface LimitExceededErrorFields extends EspalierErrorFields {
  /** The option that names the limit, e.g. `maxStates`. */
  readonly limit: string;
  readonly allowed: number;
  /** How much would be needed; absent when it is only known to be more than `allowed`. */
  readonly needed?: number | undefined;
}

/** A budget ran out: states, terms, nesting, tokens. */
export class LimitExceededError extends EspalierError {
  readonly code = "limit-exceeded";
  readonly limit: string;
  readonly allowed: number;
  readonly needed: number | undefined;

  constructor(fields: LimitExceededErrorFields) {
    super(fields);
    this.limit = fields.limit;
    this.allowed = fields.allowed;
    this.needed = fields.needed;
  }
}
