import { DEAD, type State } from "../automaton/automaton.ts";
import type { Frame, Result } from "../automaton/frame-machine.ts";
import { UNKNOWN_STACK, type PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import { TokenTrie } from "../vocabulary/token-trie.ts";
import type { MaskStats } from "./mask-stats.ts";

/**
 * What the vocabulary can do in one frame, whatever lies below it on the stack.
 *
 * Every token dies in the frame; or survives in it (or in what it pushes), or ends on the frame's last byte: `allowed`;
 * or leaves the frame with bytes to go. Those are grouped by the result that the frame hands down, and their remaining
 * bytes form a small trie that is walked with the frame below: `exits`.
 */
export interface FrameWalk {
  /** Tokens allowed whatever the stack: a list while it is short, else the words of a mask. */
  readonly allowedTokens: Int32Array | undefined;
  readonly allowedWords: Uint32Array | undefined;
  readonly exits: readonly FrameExit[];
}

export interface FrameExit {
  readonly result: Result;
  /** The bytes that tokens have left when the frame ends. */
  readonly suffixes: TokenTrie;
  /** The token of each suffix, by the number that `suffixes.tokens` holds. */
  readonly suffixTokens: Int32Array;
}

/** Up to this many tokens a walk keeps a list instead of a mask. */
const LIST_LIMIT_SHARE = 64;

/**
 * Walks the whole token trie once from `frame` alone. O(nodes that survive).
 */
export function walkFrame(
  automaton: PushdownAutomaton,
  frame: Frame,
  trie: TokenTrie,
  vocabularySize: number,
  stats: MaskStats,
): FrameWalk {
  const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens } = trie;
  const states: State[] = [automaton.stateOf(frame, UNKNOWN_STACK, 0)];
  const allowed: TokenId[] = [];
  const exitTokens = new Map<Result, { nodes: number[]; depths: number[] }>();
  let walked = 0;
  for (let node = 1; node < trie.nodeCount; ) {
    walked++;
    const depth = nodeDepth[node]!;
    const state = automaton.next(states[depth - 1]!, nodeByte[node]!);
    if (state !== DEAD) {
      states[depth] = state;
      for (let i = tokenStart[node]!; i < tokenStart[node + 1]!; i++) allowed.push(tokens[i]!);
      node++;
      continue;
    }
    if (automaton.exitResult >= 0) {
      const consumed = automaton.exitConsumed;
      if (consumed) for (let i = tokenStart[node]!; i < tokenStart[node + 1]!; i++) allowed.push(tokens[i]!);
      if (!consumed || nodeEnd[node]! > node + 1) {
        let exit = exitTokens.get(automaton.exitResult);
        if (exit === undefined) exitTokens.set(automaton.exitResult, (exit = { nodes: [], depths: [] }));
        exit.nodes.push(node);
        exit.depths.push(consumed ? depth : depth - 1);
      }
    }
    node = nodeEnd[node]!;
  }
  stats.nodesWalked += walked;
  stats.frameWalks++;
  const exits = [...exitTokens].map(([result, exit]) => collectSuffixes(trie, result, exit.nodes, exit.depths));
  if (allowed.length <= vocabularySize / LIST_LIMIT_SHARE) {
    return { allowedTokens: Int32Array.from(allowed).sort(), allowedWords: undefined, exits };
  }
  const words = new Uint32Array((vocabularySize + 31) >>> 5);
  for (const token of allowed) words[token >>> 5]! |= 1 << (token & 31);
  return { allowedTokens: undefined, allowedWords: words, exits };
}

/** Merges the subtrees of the exit nodes, from the byte after the exit on, into one trie of suffixes. */
function collectSuffixes(trie: TokenTrie, result: Result, nodes: number[], depths: number[]): FrameExit {
  const offsets: number[] = [0];
  const owners: TokenId[] = [];
  const bytes: number[] = [];
  const path: number[] = [];
  for (let e = 0; e < nodes.length; e++) {
    const root = nodes[e]!;
    const exitDepth = depths[e]!;
    for (let node = root; node < trie.nodeEnd[root]!; node++) {
      const depth = trie.nodeDepth[node]!;
      if (depth > exitDepth) path[depth - exitDepth - 1] = trie.nodeByte[node]!;
      if (depth === exitDepth) continue;
      for (let i = trie.tokenStart[node]!; i < trie.tokenStart[node + 1]!; i++) {
        for (let j = 0; j < depth - exitDepth; j++) bytes.push(path[j]!);
        offsets.push(bytes.length);
        owners.push(trie.tokens[i]!);
      }
    }
  }
  return {
    result,
    suffixes: TokenTrie.build(Uint8Array.from(bytes), Int32Array.from(offsets)),
    suffixTokens: Int32Array.from(owners),
  };
}
