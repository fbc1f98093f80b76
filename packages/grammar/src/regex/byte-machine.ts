/**
 * A deterministic automaton over bytes that a term can hold as a leaf: "a decimal number of at least 3.5", say,
 * whose states somebody else computes. Must be deterministic, and pure: equal arguments, equal answers.
 */
export interface ByteMachine {
  /** Machines with equal keys are the same machine. */
  readonly key: string;
  /** The state after one byte, a non-negative integer; -1 when nothing can follow. */
  next(state: number, byte: number): number;
  accepts(state: number): boolean;
  /** When given, answers whether any completion exists, and saves the arena a search. */
  isLive?(state: number): boolean;
  /** When given and answered, bytes of one class number have one next state: saves 255 calls of `next`. */
  classes?(state: number): Uint8Array | undefined;
  /** When given and answered, a term of the same arena with the state's language, which takes the state's place. */
  asTerm?(state: number): number | undefined;
  /** When given and answered, a shortest text with which a live state ends: saves searches through many states. */
  shortest?(state: number): Uint8Array | undefined;
  /** When given, a state that no text of at most `byteCount` bytes can tell from this one: see `saturate`. */
  representative?(state: number, byteCount: number): number;
  describe?(state: number): string;
}
