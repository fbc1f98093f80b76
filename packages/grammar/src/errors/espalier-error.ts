const marker = Symbol.for("espalier.error");

/** What every Espalier error says, as data rather than prose. */
export interface EspalierErrorFields {
  /** A full sentence: what is wrong, with the numbers, and where. */
  readonly message: string;
  /** Where: a JSON Pointer fragment (`#/properties/a`), an offset, a file path. */
  readonly place?: string | undefined;
  /** What the caller can do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Base class of every error that Espalier throws on purpose. */
export abstract class EspalierError extends Error {
  /** Stable, machine-readable class of the failure. */
  abstract readonly code: string;
  readonly place: string | undefined;
  readonly hint: string | undefined;

  constructor(fields: EspalierErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = new.target.name;
    this.place = fields.place;
    this.hint = fields.hint;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for errors of every copy of the library in the process, where `instanceof` knows only its own. */
  static isInstance(value: unknown): value is EspalierError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
