/** What a policy is shown of a step. Arrays are parallel, ascending by position. It sees probabilities, never the constraint. */
export interface UnmaskingStep {
  /** Open positions that have something to commit, counted from the beginning of the canvas. */
  readonly positions: Int32Array;
  /** How sure the proposed token of each position is: a probability. */
  readonly probabilities: Float64Array;
  /** By how much, in natural logarithms, the proposed token of each position is likelier than any other; negative when it is not the likeliest. */
  readonly gaps: Float64Array;
  /** Steps done before this one, in the current block. */
  readonly step: number;
  /** Positions of the current block that the text takes, as far as is known: committed ones, and those of `positions`. */
  readonly blockLength: number;
  /** How many of them are committed. */
  readonly committed: number;
}

/**
 * Decides which positions of a canvas are committed after a model call. The tokens are decided elsewhere: the decoder proposes
 * tokens that are possible together, so that any choice of positions is valid.
 */
export interface UnmaskingPolicy {
  readonly name: string;
  /** Indices into `step.positions`. When there are none, the decoder commits the surest position, so that each step moves on. */
  choose(step: UnmaskingStep): Iterable<number>;
}
