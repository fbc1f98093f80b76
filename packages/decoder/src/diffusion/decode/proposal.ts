/** What the model and the constraint make of a canvas after a model call. @internal */
export interface Proposal {
  /** A token for every position; committed ones are as they were. */
  readonly tokens: Int32Array;
  /** For an open position: how sure its token is, and by how much it leads any other, in natural logarithms. */
  readonly confidenceAt: (position: number) => Confidence;
}

/** @internal */
export interface Confidence {
  readonly probability: number;
  readonly gap: number;
}
