import { DEAD, type State } from "../automaton/automaton.ts";
import { END_OF_TEXT, type PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { stateAfter } from "../automaton/state-after.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { frameSuccessorTable, type FrameSuccessorTable } from "./frame-successors.ts";
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
/** States whose bounds are remembered. */
const KEPT_BOUNDS = 16_384;

/** Groups of tokens by successor, for budgets: whether a token still fits depends only on where it leads. */
export class SuccessorCache {
  readonly #automaton: PushdownAutomaton;
  readonly #vocabulary: Vocabulary;
  readonly #paths: TokenPaths;
  readonly #frames: FrameSuccessorTable;
  readonly #kept = new Map<State, SuccessorGroups>();
  /** By state without its captured text; `of` is the state that was looked at. */
  readonly #bounds = new Map<State, { readonly of: State; readonly cost: number }>();

  constructor(automaton: PushdownAutomaton, vocabulary: Vocabulary, paths: TokenPaths) {
    this.#automaton = automaton;
    this.#vocabulary = vocabulary;
    this.#paths = paths;
    this.#frames = frameSuccessorTable(automaton.machine, vocabulary);
  }

  /**
   * No token leaves more to be done than this: with more tokens left, any will do. Not the least such number: of the tokens that
   * stay in the top frame only the frame's part is known, whatever comes after it.
   * @param isWide whether many tokens may follow
   */
  maxCost(state: State, isWide: boolean): number {
    const alike = this.#automaton.withoutCapture(state);
    const spread = this.spread(state);
    let bound = this.#bounds.get(alike);
    if (bound === undefined) {
      if (this.#bounds.size >= KEPT_BOUNDS) this.#bounds.clear();
      this.#bounds.set(alike, (bound = { of: state, cost: this.#greatestCost(state, isWide) }));
    }
    return bound.cost + (bound.of === state ? spread : 2 * spread);
  }

  #greatestCost(state: State, isWide: boolean): number {
    if (state <= END_OF_TEXT) return 0;
    const automaton = this.#automaton;
    const stack = automaton.stackOf(state);
    const below = automaton.machine.delegate === undefined ? 0 : automaton.suspendedFrame(stack);
    const { endings, leaving } = this.#frames.of(automaton.frameOf(state), below, isWide);
    let most = 0;
    for (const ending of endings) {
      most = Math.max(most, ending.most + this.#paths.cost(stateAfter(automaton, state, ending.text)));
    }
    const seen = new Set<State>();
    const add = (successor: State, token: TokenId): void => {
      if (seen.has(successor)) return;
      seen.add(successor);
      const own =
        automaton.captureOf(state) === 0 ? successor : stateAfter(automaton, state, this.#vocabulary.bytes(token));
      most = Math.max(most, this.#paths.cost(own));
    };
    const unsure = (token: TokenId): void => {
      const successor = stateAfter(automaton, state, this.#vocabulary.bytes(token));
      if (successor !== DEAD) add(successor, token);
    };
    this.#paths.successorsWithin(automaton.withoutCapture(state), leaving, add, unsure);
    return most;
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
    return groups;
  }
}
