import { BOUNDARY, nextTextPhase, NO_PHASE } from "../regex/utf8-phase.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";

/**
 * An alphabet that the bytes of a text are taken from: `ascii + 7 * beyond`.
 *
 * | ascii | bytes | beyond | bytes |
 * |---|---|---|---|
 * | 0 | none | 0 | none |
 * | 1 | small letters | 1 | well-formed UTF-8 beyond ASCII, but for U+2000 to U+2FFF |
 * | 2 | letters | 2 | all of that |
 * | 3 | letters and digits | | |
 * | 4 | those, `-` and `_` | | |
 * | 5 | those, blanks and the punctuation of prose | | |
 * | 6 | all that can be printed but `"` and `\` | | |
 *
 * (Line ends beyond ASCII, which the dot of a pattern leaves out, are in U+2000 to U+2FFF.)
 */
export type Alphabet = number;

const ASCII_LEVELS = 7;
const BEYOND_LEVELS = 3;
/** Any bytes: the number of alphabets. */
export const ANY_BYTES: Alphabet = ASCII_LEVELS * BEYOND_LEVELS;

const LEAD_OF_2000 = 0xe2;

const asciiLevels = [/[a-z]/u, /[A-Z]/u, /[0-9]/u, /[-_]/u, /[ .,:;/@+()']/u, /[^"\\\p{Cc}]/u];

/** For each byte, the least alphabet that has it. */
const alphabetOfByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return ASCII_LEVELS * (byte === LEAD_OF_2000 ? 2 : 1);
  const level = asciiLevels.findIndex((pattern) => pattern.test(String.fromCharCode(byte)));
  return level < 0 ? ANY_BYTES : level + 1;
});

export function isInAlphabet(alphabet: Alphabet, byte: number): boolean {
  return joined(alphabet, alphabetOfByte[byte]) === alphabet;
}

/** The least alphabet that has all of two. */
function joined(a: Alphabet, b: Alphabet): Alphabet {
  if (a === b) return a;
  if (a === ANY_BYTES || b === ANY_BYTES) return ANY_BYTES;
  const ascii = Math.max(a % ASCII_LEVELS, b % ASCII_LEVELS);
  return ascii + ASCII_LEVELS * Math.max(Math.floor(a / ASCII_LEVELS), Math.floor(b / ASCII_LEVELS));
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
  for (let node = nodeCount - 1; node >= 0; node--) {
    let own = 0;
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      own =
        phase[child] === NO_PHASE ? ANY_BYTES : joined(joined(own, alphabetOfByte[nodeByte[child]]), alphabet[child]);
      if (own === ANY_BYTES) break;
    }
    alphabet[node] = own;
  }
  return { alphabet, phase };
}
