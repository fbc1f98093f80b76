/** What compiling found out about the rules of a grammar. */
export interface GrammarReport {
  /** Rules that the start rule does not lead to. */
  readonly unreachable: readonly string[];
  /** Rules that derive no text at all. */
  readonly unproductive: readonly string[];
  /** Rules that derive the empty text and no other. */
  readonly empty: readonly string[];
  /** Productions, after repetitions and choices were written out. */
  readonly productions: number;
  /** Terminals, each once. */
  readonly terminals: number;
  /** False when a grammar that cuts texts into terminals has too many of them to make sure that no longest match is a dead end. */
  readonly hasNoDeadEnds: boolean;
}
