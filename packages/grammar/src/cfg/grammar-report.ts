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
  /**
   * False where it is not known that a longest match is never a dead end: a grammar that cuts texts into terminals has too many of them
   * to look at all, or one that never wins where it is asked for, or needs two side by side that are read as one, or something follows an automaton inside the grammar that may begin with what the automaton itself goes on
   * with, or what that is depends on captured text. Grammars of which it is known that there are dead ends are refused if they cut texts into
   * terminals. Looks into automata when it is asked for first.
   */
  readonly hasNoDeadEnds: boolean;
}
