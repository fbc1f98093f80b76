/**
 * A predicate of the host over the text that is being written, for what no grammar says: "a column of one of the tables in
 * scope". It is consulted after every sampled token; what it refuses is taken back, and another token is drawn.
 *
 * Monitors narrow a constraint, or free text; they never widen it. The output is one that the constraint accepts and the
 * monitor does not refuse. After PICARD (Scholak et al., 2021) and monitor-guided decoding (Agrawal et al., 2023).
 */
export interface Monitor {
  /**
   * While the text is incomplete: false when nothing that begins like this can be right. Later questions never make good
   * what was refused. May be optimistic: what it fails to foresee is taken back later, one sampled token at a time.
   *
   * When it is complete: whether it is right.
   */
  accepts(output: MonitoredText): boolean | Promise<boolean>;
  /**
   * The texts of which one must come next, where the host knows them: tokens that neither begin one of them nor begin with
   * one are not drawn at all. What follows such a text is free. The empty text stands for the end of the output. `undefined` where there is no such list.
   *
   * Saves draws and refusals; {@link Monitor.accepts} is asked all the same.
   */
  continuations?(output: MonitoredText): readonly string[] | undefined | Promise<readonly string[] | undefined>;
}

export interface MonitoredText {
  /** The output so far, in whole characters. */
  readonly text: string;
  /** True when it ends here. */
  readonly isComplete: boolean;
}

export interface MonitorOptions {
  /** @defaultValue none */
  readonly monitor?: Monitor | undefined;
  /**
   * How many tokens may be refused and taken back in one output.
   * @defaultValue 10,000
   */
  readonly maxRefusals?: number | undefined;
}
