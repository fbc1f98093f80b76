import { DEAD, type State } from "../automaton/automaton.ts";
import { hasSuccessor } from "../automaton/has-successor.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** Bytes that one forced run may have; a longer one continues at the next call. */
const MAX_FORCED_BYTES = 4_096;

/**
 * The bytes that are the only way on from `state`, up to the first choice (ending the text counts as one).
 */
export function forcedBytes(automaton: PushdownAutomaton, state: State): { bytes: Uint8Array; end: State } {
  const bytes: number[] = [];
  let current = state;
  while (bytes.length < MAX_FORCED_BYTES && !automaton.isAccepting(current)) {
    let only = -1;
    let after: State = DEAD;
    for (let byte = 0; byte < 256; byte++) {
      const next = automaton.next(current, byte);
      if (next === DEAD) continue;
      if (only >= 0) {
        only = -2;
        break;
      }
      only = byte;
      after = next;
    }
    if (only < 0) break;
    bytes.push(only);
    current = after;
  }
  return { bytes: Uint8Array.from(bytes), end: current };
}

/** Tokens before the forced bytes that are cut together with them: what a tokenizer does with a byte does not hang on more. */
export const CONTEXT_TOKENS = 16;
/** Of those, the last ones must come out as they were written. The first may not: the text was cut off before them. */
const AGREEING_TOKENS = 8;

/**
 * Forced bytes as the tokens that the tokenizer itself would have produced.
 *
 * Unless the text ends there, tokens that what follows might change are held back: see {@link settledLength}. Without a tokenizer, or
 * where its cut does not agree with the tokens written so far, nothing is forced. The tokenizer is given a bounded part of the text,
 * so that a long text costs no more than a short one.
 * @param recent the last tokens of the text so far, at least {@link CONTEXT_TOKENS} of them, or all
 * @param isAll whether `recent` are all tokens of the text so far
 */
export function forcedTokens(
  automaton: PushdownAutomaton,
  state: State,
  vocabulary: Vocabulary,
  recent: readonly TokenId[],
  isAll: boolean,
): TokenId[] {
  const { tokenizer } = vocabulary;
  if (tokenizer === undefined) return [];
  const { bytes, end } = forcedBytes(automaton, state);
  if (bytes.length === 0) return [];
  const endsText = automaton.isAccepting(end) && !hasSuccessor(automaton, end);
  // One byte is one token, or a part of one that is written already: there is nothing to give out.
  if (bytes.length === 1 && !endsText) return [];
  const context = isAll ? recent : recent.slice(firstOfCharacter(vocabulary, recent));
  const before = vocabulary.decodeBytes(context);
  const text = new Uint8Array(before.length + bytes.length);
  text.set(before);
  text.set(bytes, before.length);
  const decoded = decodeStrictly(text);
  if (decoded === undefined) return [];
  const cut = tokenizer.encode(decoded);
  const first = firstOfForced(vocabulary, cut, bytes.length);
  if (first === undefined || (isAll && first !== context.length)) return [];
  const agreeing = isAll ? context.length : Math.min(AGREEING_TOKENS, context.length);
  for (let back = 1; back <= agreeing; back++) {
    if (cut[first - back] !== context[context.length - back]) return [];
  }
  const forced = cut.slice(first);
  if (!equalBytes(vocabulary.decodeBytes(forced), bytes)) return [];
  if (endsText) return forced;
  let settled = settledLength(decoded) - before.length;
  let count = 0;
  while (count < forced.length - 1 && (settled -= vocabulary.bytes(forced[count]).length) >= 0) count++;
  return forced.slice(0, count);
}

/**
 * How many bytes of `text` are cut in the same way whatever follows.
 *
 * Tokenizers split a text into words before they cut, and what follows letters and digits, and is none, begins a new word. So
 * the last run of letters and digits is open, with the one character before it that may belong to the word; or else the last run of all
 * other characters, blanks and line ends among them.
 */
function settledLength(text: string): number {
  const characters = [...text];
  const isWordly = (index: number): boolean => /[\p{L}\p{N}]/u.test(characters[index]);
  let start = characters.length;
  const endsInWord = isWordly(start - 1);
  while (start > 0 && isWordly(start - 1) === endsInWord) start--;
  if (endsInWord && start > 0) start--;
  return Buffer.byteLength(characters.slice(0, start).join(""));
}

/** The first token that does not begin inside a character. */
function firstOfCharacter(vocabulary: Vocabulary, tokens: readonly TokenId[]): number {
  let first = 0;
  while (first < tokens.length && (vocabulary.bytes(tokens[first])[0] & 0xc0) === 0x80) first++;
  return first;
}

/** Where in `cut` the last `length` bytes begin; `undefined` when that is inside a token. */
function firstOfForced(vocabulary: Vocabulary, cut: readonly TokenId[], length: number): number | undefined {
  let first = cut.length;
  let left = length;
  while (left > 0 && first > 0) left -= vocabulary.bytes(cut[--first]).length;
  return left === 0 ? first : undefined;
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
