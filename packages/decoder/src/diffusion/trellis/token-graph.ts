import { DEAD, END_OF_TEXT, TokenPaths } from "@espalier/grammar";
import type { PushdownAutomaton, State, TokenId, Vocabulary } from "@espalier/grammar";
import { TokenSetTable } from "./token-set-table.ts";

/** The state behind the end token: only padding may follow. Beside the states of automata, which are not negative. */
export const TAIL: State = -1;

/** Edges, and tokens of their sets, after which what is remembered begins anew: some tens of megabytes. */
const MAX_CACHED = 10_000_000;

/** States of the automaton that exploring all tokens of one canvas may add: beyond them the language is one to be searched. */
const MAX_EXPLORED_STATES = 200_000;

export interface TokenGraphOptions {
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
  /** The tokens that end the text on a canvas; with none, texts take all of it. */
  readonly eosTokens: readonly TokenId[];
  /** The tokens that may stand behind the end. */
  readonly paddingTokens: readonly TokenId[];
}

/** The ways on from a state, tokens grouped by the state that they lead to: parallel arrays. */
export interface TokenEdges {
  readonly targets: Int32Array;
  /** For each target, its tokens: a number of {@link TokenGraph.sets}. */
  readonly sets: Int32Array;
}

/**
 * An automaton over bytes as a graph over tokens, with the end of the text and the padding behind it: what canvases are read with.
 *
 * A canvas is in the language when its tokens spell a text of the automaton's language and then, unless the canvas is full,
 * there is one end token, and padding up to the last position.
 */
export class TokenGraph {
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
  readonly eosTokens: readonly TokenId[];
  readonly paddingTokens: readonly TokenId[];
  readonly paths: TokenPaths;
  /** Groups of tokens, shared by all edges. */
  sets: TokenSetTable = new TokenSetTable();
  #edges = new Map<State, TokenEdges>();
  #cachedEdges = 0;
  readonly #kind: Uint8Array;

  constructor(options: TokenGraphOptions) {
    this.automaton = options.automaton;
    this.vocabulary = options.vocabulary;
    this.eosTokens = options.eosTokens;
    this.paddingTokens = options.paddingTokens;
    this.paths = new TokenPaths(options.automaton, options.vocabulary);
    this.#kind = new Uint8Array(options.vocabulary.size);
    for (const token of options.eosTokens) this.#kind[token] |= 1;
    for (const token of options.paddingTokens) this.#kind[token] |= 2;
  }

  get start(): State {
    return this.automaton.start;
  }

  /**
   * Watches over one exploration of all tokens of a canvas: tells when it has added so many states to the automaton that it had better be
   * given up. Where a value is free, every token leads to a state of its own, and nobody comes back to it.
   */
  explorationLimit(): () => boolean {
    const most = this.automaton.stateCount + MAX_EXPLORED_STATES;
    return () => this.automaton.stateCount > most;
  }

  /** Whether the text may end in `state`: at the end of a canvas, or before an end token. */
  isFinal(state: State): boolean {
    return state === TAIL || this.automaton.isAccepting(state);
  }

  /** Tokens of a known way to the end, an end token not counted; Infinity when there is none. */
  cost(state: State): number {
    return state === TAIL || this.automaton.isAccepting(state) ? 0 : this.paths.cost(state);
  }

  /** The state after `token`, or DEAD. */
  after(state: State, token: TokenId): State {
    const kind = this.#kind[token];
    if (state === TAIL) return (kind & 2) === 0 ? DEAD : TAIL;
    if ((kind & 1) !== 0) return this.automaton.isAccepting(state) ? TAIL : DEAD;
    const { flatBytes, offsets } = this.vocabulary;
    const end = offsets[token + 1];
    let at = offsets[token];
    if (at === end) return DEAD;
    const { automaton } = this;
    let current = state;
    while (at < end && current !== DEAD) current = automaton.next(current, flatBytes[at++]);
    return current === DEAD || this.paths.spellsAll || this.paths.canFinish(current) ? current : DEAD;
  }

  /** The ways on from `state`. The first call walks the token trie, O(vocabulary); later ones are O(1). */
  edges(state: State): TokenEdges {
    let edges = this.#edges.get(state);
    if (edges === undefined) {
      edges = this.#compute(state);
      this.#edges.set(state, edges);
    }
    return edges;
  }

  /** Forgets edges when there are too many; the numbers of sets mean nothing afterwards. */
  trim(): void {
    if (this.#cachedEdges + this.sets.tokenCount <= MAX_CACHED) return;
    this.#edges = new Map();
    this.sets = new TokenSetTable();
    this.#cachedEdges = 0;
  }

  #compute(state: State): TokenEdges {
    const groups = new Map<State, TokenId[]>();
    if (state === TAIL) {
      if (this.paddingTokens.length > 0) groups.set(TAIL, [...this.paddingTokens]);
    } else {
      if (state > END_OF_TEXT) {
        this.paths.successors(state, (successor, token) => {
          const group = groups.get(successor);
          if (group !== undefined) group.push(token);
          else if (this.paths.canFinish(successor)) groups.set(successor, [token]);
        });
      }
      if (this.eosTokens.length > 0 && this.automaton.isAccepting(state)) groups.set(TAIL, [...this.eosTokens]);
    }
    const targets = Int32Array.from(groups.keys());
    const sets = Int32Array.from([...groups.values()].map((tokens) => this.sets.intern(tokens)));
    this.#cachedEdges += targets.length + 8;
    return { targets, sets };
  }
}
