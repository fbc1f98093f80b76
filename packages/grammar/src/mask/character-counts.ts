import { MARK_END, MARK_OTHER } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { allowAll, maskWordCount } from "./bitmask.ts";

/** A node of the token trie whose last byte is unlike characters, after a text of plain ones. */
export interface UnlikeNode {
  readonly node: number;
  readonly parent: number;
  /** The bytes before the last one. */
  readonly prefix: Uint8Array;
}

/** How many characters of UTF-8 the tokens of a trie have, as far as they are plain: before the first byte that is marked. */
export interface CharacterCounts {
  /** By count: the nodes where a plain character begins after so many of them. Ascending. */
  readonly begins: readonly Int32Array[];
  /** By count: the nodes where an end comes after so many characters. Ascending. */
  readonly ends: readonly Int32Array[];
  /** By count: the nodes where a byte unlike characters comes after so many of them. Ascending. */
  readonly unlike: readonly (readonly UnlikeNode[])[];
  /** By count: the tokens with so many plain characters. Greater counts than {@link MOST_COUNTED} are taken for that. */
  readonly tokens: readonly Int32Array[];
}

/** Greater counts are not told apart. */
export const MOST_COUNTED = 0x7e;
/** Masks that are remembered, 16 KB each for 128,000 tokens. */
const KEPT_MASKS = 32;

const known = new WeakMap<TokenTrie, WeakMap<Uint8Array, CharacterCounts>>();
const masks = new WeakMap<CharacterCounts, Map<number, Uint32Array>>();

/**
 * O(nodes), remembered by trie and marks.
 * @param marks by byte, as in `CountedFrame`
 */
export function characterCounts(trie: TokenTrie, marks: Uint8Array): CharacterCounts {
  let byMarks = known.get(trie);
  if (byMarks === undefined) known.set(trie, (byMarks = new WeakMap()));
  let counts = byMarks.get(marks);
  if (counts === undefined) byMarks.set(marks, (counts = computeCounts(trie, marks)));
  return counts;
}

/**
 * The mask of the tokens with at most so many plain characters. O(tokens) when it is first asked for. Read only.
 * @param size of the vocabulary
 */
export function tokensWithin(counts: CharacterCounts, most: number, size: number): Uint32Array {
  let byCount = masks.get(counts);
  if (byCount === undefined) masks.set(counts, (byCount = new Map<number, Uint32Array>()));
  const count = Math.min(most, counts.tokens.length - 1);
  let mask = byCount.get(count);
  if (mask === undefined) {
    mask = new Uint32Array(maskWordCount(size));
    for (let fewer = 0; fewer <= count; fewer++) allowAll(mask, counts.tokens[fewer]);
    if (byCount.size >= KEPT_MASKS) byCount.clear();
    byCount.set(count, mask);
  }
  return mask;
}

function computeCounts(trie: TokenTrie, marks: Uint8Array): CharacterCounts {
  const { nodeByte, nodeEnd, nodeDepth, nodeCount, tokenStart, tokens } = trie;
  const begins: number[][] = [];
  const ends: number[][] = [];
  const unlike: UnlikeNode[][] = [];
  /** By position in `trie.tokens`. */
  const ofTokens = new Uint8Array(tokens.length);
  const path: number[] = [0];
  const bytes: number[] = [];
  /** By depth: how many characters have begun. */
  const counts: number[] = [0];
  for (let node = 1; node < nodeCount;) {
    const depth = nodeDepth[node];
    const byte = nodeByte[node];
    const before = counts[depth - 1];
    for (const lists of [begins, ends, unlike]) while (lists.length <= before) lists.push([]);
    if (marks[byte] === MARK_OTHER) {
      unlike[before].push({ node, parent: path[depth - 1], prefix: Uint8Array.from(bytes.slice(0, depth - 1)) });
      ofTokens.fill(Math.min(before, MOST_COUNTED), tokenStart[node], tokenStart[nodeEnd[node]]);
      node = nodeEnd[node]!;
      continue;
    }
    const isEnd = marks[byte] === MARK_END;
    const isContinuation = (byte & 0xc0) === 0x80;
    const count = isEnd || isContinuation ? before : before + 1;
    ofTokens.fill(Math.min(count, MOST_COUNTED), tokenStart[node], tokenStart[isEnd ? nodeEnd[node] : node + 1]);
    if (isEnd) {
      ends[before].push(node);
      node = nodeEnd[node]!;
      continue;
    }
    if (!isContinuation) begins[before].push(node);
    path[depth] = node;
    counts[depth] = count;
    bytes[depth - 1] = byte;
    node++;
  }
  return { begins: packed(begins), ends: packed(ends), unlike, tokens: tokensByCount(tokens, ofTokens) };
}

function tokensByCount(tokens: Int32Array, counts: Uint8Array): Int32Array[] {
  const lists: number[][] = [];
  for (let i = 0; i < tokens.length; i++) {
    while (lists.length <= counts[i]) lists.push([]);
    lists[counts[i]].push(tokens[i]);
  }
  return packed(lists);
}

function packed(lists: readonly number[][]): Int32Array[] {
  return lists.map((list) => Int32Array.from(list));
}
