/** An interned state: equal numbers, equal residual languages. */
export type State = number;

/** The state after which nothing can follow: its residual language is empty. */
export const DEAD: State = 0;

/**
 * A language over bytes, explored lazily: the one seam between languages (regex, JSON Schema, grammars)
 * and what is built on them (masks, matchers, samplers, the diffusion trellis).
 *
 * `next` returns {@link DEAD} exactly when no completion exists. That is what makes masks complete and free of dead ends.
 */
export interface Automaton {
  /** The state before the first byte; {@link DEAD} when the language is empty. */
  readonly start: State;
  /** The state after one byte (0..255). Memoised: amortised O(1). */
  next(state: State, byte: number): State;
  /** True when the text so far is in the language. */
  isAccepting(state: State): boolean;
}
