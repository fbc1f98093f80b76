import { DEAD, type State } from "../automaton/automaton.ts";
import type { Frame } from "../automaton/frame-machine.ts";
import { completionOf } from "../automaton/completions.ts";
import { END_OF_TEXT, type PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { walkFrame, type FrameExit, type FrameWalk } from "./frame-walk.ts";
import { newMaskStats, type MaskStats } from "./mask-stats.ts";

/**
 * The masks of one automaton over one vocabulary, cached by top frame.
 *
 * A mask is the union of what the frame allows by itself and, for every way out of the frame, the suffixes that the
 * frames below accept. The first is one copy; the second walks a trie of a few hundred suffixes at most.
 */
export class MaskCache {
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
  readonly stats: MaskStats = newMaskStats();
  /** A mask that callers may fill and read at once. */
  readonly scratch: Uint32Array;
  readonly #walks = new Map<Frame, FrameWalk>();
  readonly #mostBytes = new Map<State, number>();
  readonly #path: State[] = [];

  constructor(automaton: PushdownAutomaton, vocabulary: Vocabulary) {
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.scratch = new Uint32Array(vocabulary.maskWords);
  }

  /** Overwrites `words` with the tokens that may follow in `state`; end-of-sequence tokens where it accepts. */
  fill(state: State, words: Uint32Array): void {
    const { automaton, vocabulary } = this;
    this.stats.masks++;
    if (state > END_OF_TEXT) {
      const walk = this.walkOf(automaton.frameOf(state));
      if (walk.allowedWords !== undefined) {
        words.set(walk.allowedWords);
      } else {
        words.fill(0);
        const list = walk.allowedTokens!;
        for (let i = 0; i < list.length; i++) words[list[i]! >>> 5]! |= 1 << (list[i]! & 31);
      }
      for (const exit of walk.exits) this.#addExit(state, exit, words);
    } else {
      words.fill(0);
    }
    if (automaton.isAccepting(state)) {
      for (const token of vocabulary.eosTokens) words[token >>> 5]! |= 1 << (token & 31);
    }
  }

  walkOf(frame: Frame): FrameWalk {
    const { automaton, vocabulary } = this;
    const representative = automaton.machine.representative(frame, vocabulary.maxTokenBytes);
    let walk = this.#walks.get(representative);
    if (walk === undefined) {
      walk = walkFrame(automaton, representative, vocabulary.trie, vocabulary.size, this.stats);
      this.#walks.set(representative, walk);
    } else {
      this.stats.frameHits++;
    }
    return walk;
  }

  /** The state after `token`, or DEAD. */
  afterToken(state: State, token: TokenId): State {
    const { flatBytes, offsets } = this.vocabulary;
    const end = offsets[token + 1]!;
    let i = offsets[token]!;
    if (i === end) return DEAD;
    let current = state;
    while (i < end && current !== DEAD) current = this.automaton.next(current, flatBytes[i++]!);
    return current;
  }

  /** Whether any byte may follow `state`. */
  hasSuccessor(state: State): boolean {
    for (let byte = 0; byte < 256; byte++) if (this.automaton.next(state, byte) !== DEAD) return true;
    return false;
  }

  /**
   * The most bytes that the shortest known completion after any allowed token has: a bound on what one token can still make
   * necessary. Remembered by state.
   */
  maxBytesAfterToken(state: State): number {
    let most = this.#mostBytes.get(state);
    if (most === undefined) {
      most = 0;
      for (const successor of this.#successors(state)) {
        most = Math.max(most, completionOf(this.automaton, successor).length);
      }
      this.#mostBytes.set(state, most);
    }
    return most;
  }

  #successors(state: State): Set<State> {
    const { automaton } = this;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, nodeCount } = this.vocabulary.trie;
    const path: State[] = [state];
    const found = new Set<State>();
    let last: State = DEAD;
    for (let node = 1; node < nodeCount; ) {
      const depth = nodeDepth[node]!;
      const next = automaton.next(path[depth - 1]!, nodeByte[node]!);
      if (next === DEAD) {
        node = nodeEnd[node]!;
        continue;
      }
      path[depth] = next;
      if (next !== last && tokenStart[node] !== tokenStart[node + 1]) found.add((last = next));
      node++;
    }
    return found;
  }

  #addExit(state: State, exit: FrameExit, words: Uint32Array): void {
    const { automaton } = this;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, nodeCount } = exit.suffixes;
    const below = automaton.afterExit(state, exit.result);
    if (below <= END_OF_TEXT) return;
    const path = this.#path;
    path[0] = below;
    let walked = 0;
    for (let node = 1; node < nodeCount; ) {
      walked++;
      const depth = nodeDepth[node]!;
      const next = automaton.next(path[depth - 1]!, nodeByte[node]!);
      if (next !== DEAD) {
        path[depth] = next;
        for (let i = tokenStart[node]!; i < tokenStart[node + 1]!; i++) {
          const token = exit.suffixTokens[tokens[i]!]!;
          words[token >>> 5]! |= 1 << (token & 31);
        }
        node++;
        continue;
      }
      const end = nodeEnd[node]!;
      if (automaton.needsCapture) {
        for (let i = tokenStart[node]!; i < tokenStart[end]!; i++) {
          const token = exit.suffixTokens[tokens[i]!]!;
          this.stats.tokensChecked++;
          if (this.afterToken(state, token) !== DEAD) words[token >>> 5]! |= 1 << (token & 31);
        }
      }
      node = end;
    }
    this.stats.nodesWalked += walked;
  }
}
