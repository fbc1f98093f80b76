import { DEAD, type State } from "../automaton/automaton.ts";
import { completionOf, knownCompletionOf } from "../automaton/completions.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { TokenCovers } from "./token-covers.ts";

/** States that one search for a shortest token path may visit. */
const MAX_SEARCH_STATES = 5_000;
/** Trie nodes that one search may walk. */
const MAX_SEARCH_NODES = 20_000_000;

/** Ways from states to the end of the text, in tokens: what budgets are kept with. Remembered by state. */
export class TokenPaths {
  readonly #automaton: PushdownAutomaton;
  readonly #vocabulary: Vocabulary;
  readonly #covers: TokenCovers;
  readonly #witnesses = new Map<State, readonly TokenId[] | undefined>();
  readonly #costs = new Map<State, number>();
  /** Of states whose captured text is not known. */
  readonly #knownCosts = new Map<State, number | undefined>();
  readonly #finishable = new Map<State, boolean>();
  /** True when every byte is a token, so that every text can be spelled. */
  readonly spellsAll: boolean;

  constructor(automaton: PushdownAutomaton, vocabulary: Vocabulary) {
    this.#automaton = automaton;
    this.#vocabulary = vocabulary;
    this.#covers = new TokenCovers(vocabulary);
    this.spellsAll = hasEveryByte(vocabulary);
  }

  /**
   * Tokens that complete the text from `state`, few but not always fewest: the completion of `completionOf`, cut into as few
   * tokens as spell it. Undefined when the vocabulary cannot finish the text.
   */
  witness(state: State): readonly TokenId[] | undefined {
    if (this.#witnesses.has(state)) return this.#witnesses.get(state);
    let path: readonly TokenId[] | undefined = this.#covers.of(completionOf(this.#automaton, state));
    path ??= this.shortest(state, Infinity);
    this.#witnesses.set(state, path);
    return path;
  }

  /** The least number of tokens of a known way to the end; Infinity when there is none. */
  cost(state: State): number {
    let cost = this.#costs.get(state);
    if (cost === undefined) {
      const known = this.#witnesses.get(state)?.length ?? this.#covers.count(completionOf(this.#automaton, state));
      this.#costs.set(state, (cost = known ?? this.witness(state)?.length ?? Infinity));
    }
    return cost;
  }

  /** {@link cost} of a state whose captured text may be unknown; undefined where that would have to be known. */
  knownCost(state: State): number | undefined {
    if (this.#automaton.captureOf(state) === 0) return this.cost(state);
    let cost = this.#knownCosts.get(state);
    if (cost === undefined && !this.#knownCosts.has(state)) {
      const completion = knownCompletionOf(this.#automaton, state);
      cost = completion === undefined ? undefined : this.#covers.count(completion);
      this.#knownCosts.set(state, cost);
    }
    return cost;
  }

  /** Whether tokens can finish the text from `state`. */
  canFinish(state: State): boolean {
    if (this.spellsAll) return true;
    let possible = this.#finishable.get(state);
    if (possible === undefined) {
      possible = this.witness(state) !== undefined;
      this.#finishable.set(state, possible);
    }
    return possible;
  }

  /**
   * A shortest way to the end in tokens, by breadth-first search over states; undefined when there is none of at most `maxTokens`.
   * @throws LimitExceededError when the search would be too large
   */
  shortest(state: State, maxTokens: number): readonly TokenId[] | undefined {
    const automaton = this.#automaton;
    const cameFrom = new Map<State, { from: State; token: TokenId } | undefined>([[state, undefined]]);
    let frontier = [state];
    let walked = 0;
    for (let depth = 0; frontier.length > 0; depth++) {
      const accepting = frontier.find((candidate) => automaton.isAccepting(candidate));
      if (accepting !== undefined) {
        const path: TokenId[] = [];
        for (let step = cameFrom.get(accepting); step !== undefined; step = cameFrom.get(step.from))
          path.push(step.token);
        return path.reverse();
      }
      if (depth >= maxTokens) return undefined;
      const next: State[] = [];
      for (const from of frontier) {
        walked += this.successors(from, (successor, token) => {
          if (cameFrom.has(successor)) return;
          cameFrom.set(successor, { from, token });
          next.push(successor);
        });
        if (cameFrom.size > MAX_SEARCH_STATES || walked > MAX_SEARCH_NODES) {
          throw new LimitExceededError({
            message: `The search for a shortest way in tokens exceeds maxSearchStates (${MAX_SEARCH_STATES}).`,
            limit: "maxSearchStates",
            allowed: MAX_SEARCH_STATES,
          });
        }
      }
      frontier = next;
    }
    return undefined;
  }

  /**
   * Calls back with the state after each token that may follow `state`. Returns the number of trie nodes walked.
   * @param unsure called with the tokens for which captured text decides that is not known in `state`
   */
  successors(
    state: State,
    found: (successor: State, token: TokenId) => void,
    unsure?: (token: TokenId) => void,
  ): number {
    return this.#walk(state, 1, this.#vocabulary.trie.nodeCount, found, unsure);
  }

  /**
   * {@link successors} for the tokens at and below some nodes of the token trie.
   * @param roots ascending, none below another
   */
  successorsWithin(
    state: State,
    roots: Int32Array,
    found: (successor: State, token: TokenId) => void,
    unsure?: (token: TokenId) => void,
  ): number {
    const { nodeDepth, nodeEnd, tokenStart, tokens } = this.#vocabulary.trie;
    const { flatBytes, offsets } = this.#vocabulary;
    let walked = 0;
    for (const root of roots) {
      // The bytes that lead to a node are those that any token below it begins with.
      const start = offsets[tokens[tokenStart[root]]];
      const above = this.#automaton.after(state, flatBytes, start, start + nodeDepth[root] - 1);
      if (above !== DEAD) walked += this.#walk(above, root, nodeEnd[root], found, unsure);
    }
    return walked;
  }

  /** The part of the token trie from node `first` on, whose byte is the next that `state` takes, to before node `last`. */
  #walk(
    state: State,
    first: number,
    last: number,
    found: (successor: State, token: TokenId) => void,
    unsure?: (token: TokenId) => void,
  ): number {
    const automaton = this.#automaton;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens } = this.#vocabulary.trie;
    const top = nodeDepth[first] - 1;
    const path: State[] = [state];
    let walked = 0;
    for (let node = first; node < last; walked++) {
      const depth = nodeDepth[node] - top;
      const next = automaton.next(path[depth - 1], nodeByte[node]);
      if (next === DEAD) {
        const end = nodeEnd[node];
        if (automaton.needsCapture && unsure !== undefined) {
          for (let i = tokenStart[node]; i < tokenStart[end]; i++) unsure(tokens[i]);
        }
        node = end;
        continue;
      }
      path[depth] = next;
      for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) found(next, tokens[i]);
      node++;
    }
    return walked;
  }
}

const everyByte = new WeakMap<Vocabulary, boolean>();

/** Whether every byte is a token. Remembered by vocabulary. */
function hasEveryByte(vocabulary: Vocabulary): boolean {
  let hasAll = everyByte.get(vocabulary);
  if (hasAll === undefined) {
    hasAll = Array.from({ length: 256 }, (_, byte) => byte).every((byte) => vocabulary.tokenOfByte(byte) !== undefined);
    everyByte.set(vocabulary, hasAll);
  }
  return hasAll;
}
