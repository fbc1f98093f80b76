import { MARK_END, MARK_OTHER } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";

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
  /** By node of {@link ends}: how many characters come before. */
  readonly countOfEnd: ReadonlyMap<number, number>;
  /**
   * By position in `trie.tokens`: how many characters a token has that is plain; {@link ENDED} more if it goes on with an end and no
   * further; {@link MIXED} for other tokens.
   */
  readonly ofTokens: Uint8Array;
}

export const ENDED = 0x80;
export const MIXED = 0xff;
/** Greater counts are not told apart. */
export const MOST_COUNTED = 0x7e;

const known = new WeakMap<TokenTrie, WeakMap<Uint8Array, CharacterCounts>>();

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

function computeCounts(trie: TokenTrie, marks: Uint8Array): CharacterCounts {
  const { nodeByte, nodeEnd, nodeDepth, nodeCount, tokenStart, tokens } = trie;
  const begins: number[][] = [];
  const ends: number[][] = [];
  const unlike: UnlikeNode[][] = [];
  const countOfEnd = new Map<number, number>();
  const ofTokens = new Uint8Array(tokens.length).fill(MIXED);
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
      node = nodeEnd[node]!;
      continue;
    }
    const isEnd = marks[byte] === MARK_END;
    const isContinuation = (byte & 0xc0) === 0x80;
    const count = isEnd || isContinuation ? before : before + 1;
    ofTokens.fill(Math.min(count, MOST_COUNTED) + (isEnd ? ENDED : 0), tokenStart[node], tokenStart[node + 1]);
    if (isEnd) {
      ends[before].push(node);
      countOfEnd.set(node, before);
      node = nodeEnd[node]!;
      continue;
    }
    if (!isContinuation) begins[before].push(node);
    path[depth] = node;
    counts[depth] = count;
    bytes[depth - 1] = byte;
    node++;
  }
  return { begins: packed(begins), ends: packed(ends), unlike, countOfEnd, ofTokens };
}

function packed(lists: readonly number[][]): Int32Array[] {
  return lists.map((list) => Int32Array.from(list));
}
