import { BOUNDARY, nextTextPhase, NO_PHASE } from "../regex/utf8-phase.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";

/**
 * The alphabets that bytes below a node of the token trie are taken from, each within the next: small letters, letters, letters and
 * digits, … with `-` and `_`, … with blanks and the punctuation of prose, all printable ASCII but `"` and `\`.
 */
export const ASCII_ALPHABETS = 6;
/** All of those, and well-formed UTF-8 beyond ASCII. */
export const TEXT_ALPHABET = 6;
/** Well-formed UTF-8 beyond ASCII alone. */
export const BEYOND_ASCII = 7;
/** Any bytes. */
export const ANY_BYTES = 8;

/** For each byte, the least alphabet that has it. */
export const ALPHABET_OF_BYTE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => alphabetOf(byte));

function alphabetOf(byte: number): number {
  const character = String.fromCharCode(byte);
  if (byte >= 0x80) return BEYOND_ASCII;
  if (/[a-z]/u.test(character)) return 0;
  if (/[A-Z]/u.test(character)) return 1;
  if (/[0-9]/u.test(character)) return 2;
  if (/[-_]/u.test(character)) return 3;
  if (/[ .,:;/@+()']/u.test(character)) return 4;
  return byte >= 0x20 && byte < 0x7f && character !== '"' && character !== "\\" ? 5 : ANY_BYTES;
}

/** What the bytes strictly below each node are, and where in a UTF-8 sequence the node is. */
export interface NodeAlphabets {
  /** The least alphabet for all bytes below the node. */
  readonly alphabet: Uint8Array;
  /** The phase of UTF-8 at the node, as `utf8-phase.ts` numbers them. */
  readonly phase: Uint8Array;
}

const known = new WeakMap<TokenTrie, NodeAlphabets>();

/** O(nodes), remembered by trie. */
export function nodeAlphabets(trie: TokenTrie): NodeAlphabets {
  let alphabets = known.get(trie);
  if (alphabets === undefined) known.set(trie, (alphabets = computeAlphabets(trie)));
  return alphabets;
}

function computeAlphabets({ nodeCount, nodeEnd, nodeByte }: TokenTrie): NodeAlphabets {
  const alphabet = new Uint8Array(nodeCount);
  const phase = new Uint8Array(nodeCount);
  phase[0] = BOUNDARY;
  for (let node = 0; node < nodeCount; node++) {
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      phase[child] = nextTextPhase(phase[node], nodeByte[child]);
    }
  }
  const hasAny = new Uint8Array(nodeCount);
  for (let node = nodeCount - 1; node >= 0; node--) {
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      const own = phase[child] === NO_PHASE ? ANY_BYTES : ALPHABET_OF_BYTE[nodeByte[child]];
      alphabet[node] = hasAny[node] === 0 ? own : joined(alphabet[node], own);
      hasAny[node] = 1;
      if (hasAny[child] === 1) alphabet[node] = joined(alphabet[node], alphabet[child]);
    }
  }
  return { alphabet, phase };
}

function joined(a: number, b: number): number {
  if (a === b) return a;
  if (a === ANY_BYTES || b === ANY_BYTES) return ANY_BYTES;
  return a === BEYOND_ASCII || b === BEYOND_ASCII ? TEXT_ALPHABET : Math.max(a, b);
}
