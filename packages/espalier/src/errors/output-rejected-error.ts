import { EspalierError, type EspalierErrorFields } from "@espalier/grammar";

/** One thing that a validator holds against a value. */
export interface OutputIssue {
  readonly message: string;
  /** JSON Pointer fragment of the value: `#/items/0/price`; `#` is the whole value. */
  readonly pointer: string;
}

export interface OutputRejectedErrorFields extends EspalierErrorFields {
  readonly issues: readonly OutputIssue[];
  readonly text: string;
}

/**
 * The output is in the language that it was asked to be in, and the schema library's own validator refuses it all the same:
 * a refinement that JSON Schema cannot say.
 */
export class OutputRejectedError extends EspalierError {
  readonly code = "output-rejected";
  readonly issues: readonly OutputIssue[];
  /** The whole output, as the model wrote it. */
  readonly text: string;

  constructor(fields: OutputRejectedErrorFields) {
    super(fields);
    this.issues = fields.issues;
    this.text = fields.text;
  }
}
