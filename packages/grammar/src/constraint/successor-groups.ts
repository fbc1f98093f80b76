import { DEAD, type State } from "../automaton/automaton.ts";
import { END_OF_TEXT, UNKNOWN_STACK, type PushdownAutomaton, type Stack } from "../automaton/pushdown-automaton.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { frameSuccessorTable, type FrameSuccessorTable } from "./frame-successors.ts";
import type { TokenPaths } from "./token-paths.ts";

/**
 * The tokens that may follow a state, by the state that they lead to. States that differ only in captured text (a key that was
 * not named, say) count as one, and one of them stands for all: what it costs to finish rarely depends on such text.
 */
export interface SuccessorGroups {
  readonly tokens: readonly (readonly TokenId[])[];
  /** For each of `tokens`, what it leaves to be done; where captured text decides, what its first one leaves. */
  readonly costs: readonly number[];
  /** Tokens for which captured text decides. */
  readonly unsure: readonly TokenId[];
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
  /** By state without its captured text, as seen from the first state that was asked for. */
  readonly #kept = new Map<State, SuccessorGroups>();
  /** By stack, from where text is captured. */
  readonly #spreads = new Map<Stack, number>();
  /** As {@link #kept}. */
  readonly #bounds = new Map<State, number>();

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
    let bound = this.#bounds.get(alike);
    if (bound === undefined) {
      if (this.#bounds.size >= KEPT_BOUNDS) this.#bounds.clear();
      this.#bounds.set(alike, (bound = this.#greatestCost(state, isWide)));
    }
    return bound + this.spread(state);
  }

  /** {@link maxCost}, when it has been asked for before. */
  knownMaxCost(state: State): number | undefined {
    const bound = this.#bounds.get(this.#automaton.withoutCapture(state));
    return bound === undefined ? undefined : bound + this.spread(state);
  }

  /**
   * How much more than its group's cost a token may leave to be done, because it or the text before it wrote a text of its own: 0 where
   * all tokens of a group lead to the same state.
   */
  spread(state: State): number {
    const automaton = this.#automaton;
    if (automaton.captureOf(state) === 0) return 0;
    let stack = automaton.stackOf(state);
    while (stack > UNKNOWN_STACK && !automaton.stackCaptures(stack)) stack = automaton.stackBelow(stack);
    let spread = this.#spreads.get(stack);
    if (spread === undefined) {
      spread = CAPTURED_SPREAD + (stack > UNKNOWN_STACK ? this.#spreadAbove(stack) : 0);
      if (this.#spreads.size >= KEPT_BOUNDS) this.#spreads.clear();
      this.#spreads.set(stack, spread);
    }
    return spread;
  }

  /** How much what is captured above `stack` matters for what then is left to be done. */
  #spreadAbove(stack: Stack): number {
    const automaton = this.#automaton;
    const costs: number[] = [];
    for (const sample of automaton.machine.captureSamples?.(automaton.suspendedFrame(stack)) ?? []) {
      const cost = this.#paths.knownCost(automaton.afterSample(stack, sample));
      if (cost !== undefined) costs.push(cost);
    }
    return costs.length === 0 ? 0 : Math.max(...costs) - Math.min(...costs);
  }

  #greatestCost(state: State, isWide: boolean): number {
    if (state <= END_OF_TEXT) return 0;
    const automaton = this.#automaton;
    const alike = automaton.withoutCapture(state);
    const below = automaton.machine.delegate === undefined ? 0 : automaton.suspendedFrame(automaton.stackOf(state));
    const { endings, leaving } = this.#frames.of(automaton.frameOf(state), below, isWide);
    let most = 0;
    for (const { most: tokens, text } of endings) {
      const cost = this.#cost(automaton.after(alike, text), () => automaton.after(state, text));
      most = Math.max(most, tokens + cost);
    }
    const seen = new Set<State>();
    const add = (successor: State, token: TokenId): void => {
      if (seen.has(successor)) return;
      seen.add(successor);
      most = Math.max(
        most,
        this.#cost(successor, () => this.#after(state, token)),
      );
    };
    const unsure = (token: TokenId): void => {
      const successor = this.#after(state, token);
      if (successor !== DEAD) add(successor, token);
    };
    this.#paths.successorsWithin(alike, leaving, add, unsure);
    return most;
  }

  /**
   * What is left to be done in a state that is known but for captured text. Trying real texts is what would be expensive: a key or an
   * item that nobody has written becomes a part of the language that follows.
   */
  #cost(alike: State, real: () => State): number {
    return (alike === DEAD ? undefined : this.#paths.knownCost(alike)) ?? this.#paths.cost(real());
  }

  groups(state: State): SuccessorGroups {
    const alike = this.#automaton.withoutCapture(state);
    // Where not all can be spelled, captured text may decide whether a token can be completed at all.
    const key = this.#paths.spellsAll ? alike : state;
    let groups = this.#kept.get(key);
    if (groups !== undefined) return groups;
    const lists = new Map<State, TokenId[]>();
    const unsure: TokenId[] = [];
    let last: State = DEAD;
    let list: TokenId[] = [];
    const add = (successor: State, token: TokenId): void => {
      if (successor !== last) {
        last = successor;
        const known = lists.get(successor);
        if (known === undefined) lists.set(successor, (list = []));
        else list = known;
      }
      list.push(token);
    };
    this.#paths.successors(alike, add, (token) => unsure.push(token));
    const tokens = [...lists.values()];
    const costs = [...lists].map(([successor, [token]]) =>
      key === alike
        ? this.#cost(successor, () => this.#after(state, token))
        : this.#paths.cost(this.#after(state, token)),
    );
    groups = { tokens, costs, unsure };
    if (this.#kept.size >= KEPT_STATES) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, groups);
    return groups;
  }

  #after(state: State, token: TokenId): State {
    return this.#automaton.after(state, this.#vocabulary.bytes(token));
  }
}
