import { DEAD, type State } from "../automaton/automaton.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { stateAfter } from "../automaton/state-after.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import type { TokenPaths } from "./token-paths.ts";

/**
 * The tokens that may follow a state, by the state that they lead to. States that differ only in captured text (a key that was
 * not named, say) count as one, and one of them stands for all: what it costs to finish rarely depends on such text.
 */
export interface SuccessorGroups {
  readonly states: readonly State[];
  /** For each of `states`, its tokens. */
  readonly tokens: readonly (readonly TokenId[])[];
  /**
   * How much more than its state's cost a token of a group may leave to be done, because it wrote a text of its own: 0 where all
   * tokens of a group lead to the same state.
   */
  readonly spread: number;
  /** The greatest cost that a token may leave: with that many tokens left afterwards, any token will do. */
  readonly maxCost: number;
}

/**
 * Tokens by which a way to the end can grow when a text that was free is another one: one key that was meant to be used later is taken,
 * and the next one takes a few tokens more. A matcher looks at each token where less than that is left.
 */
const CAPTURED_SPREAD = 16;

/** States whose groups are kept: a decoder asks for one several times in a row. */
const KEPT_STATES = 8;

/** Groups of tokens by successor, for budgets: whether a token still fits depends only on where it leads. */
export class SuccessorCache {
  readonly #automaton: PushdownAutomaton;
  readonly #vocabulary: Vocabulary;
  readonly #paths: TokenPaths;
  readonly #kept = new Map<State, SuccessorGroups>();
  readonly #maxCosts = new Map<State, number>();

  constructor(automaton: PushdownAutomaton, vocabulary: Vocabulary, paths: TokenPaths) {
    this.#automaton = automaton;
    this.#vocabulary = vocabulary;
    this.#paths = paths;
  }

  /** {@link SuccessorGroups.maxCost}; remembered longer than the groups. */
  maxCost(state: State): number {
    return this.#maxCosts.get(state) ?? this.groups(state).maxCost;
  }

  /** {@link SuccessorGroups.spread}, without the groups. */
  spread(state: State): number {
    return this.#automaton.captureOf(state) === 0 ? 0 : CAPTURED_SPREAD;
  }

  groups(state: State): SuccessorGroups {
    let groups = this.#kept.get(state);
    if (groups !== undefined) return groups;
    const tokens = new Map<State, TokenId[]>();
    const add = (successor: State, token: TokenId): void => {
      const group = tokens.get(successor);
      if (group === undefined) tokens.set(successor, [token]);
      else group.push(token);
    };
    const unsure = (token: TokenId): void => {
      const successor = stateAfter(this.#automaton, state, this.#vocabulary.bytes(token));
      if (successor !== DEAD) add(successor, token);
    };
    this.#paths.successors(this.#automaton.withoutCapture(state), add, unsure);
    const states = [...tokens.values()].map(([token]) =>
      stateAfter(this.#automaton, state, this.#vocabulary.bytes(token)),
    );
    const spread = this.spread(state);
    const maxCost = spread + states.reduce((most, successor) => Math.max(most, this.#paths.cost(successor)), 0);
    groups = { states, tokens: [...tokens.values()], spread, maxCost };
    if (this.#kept.size >= KEPT_STATES) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(state, groups);
    this.#maxCosts.set(state, maxCost);
    return groups;
  }
}
