import { DEAD, type State } from "../automaton/automaton.ts";
import { hasSuccessor } from "../automaton/state-after.ts";
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

/**
 * Forced bytes as the tokens that the tokenizer itself would have produced.
 *
 * The last token is held back unless the text ends there: what follows might have been cut into it. Without a tokenizer, or
 * where its cut does not agree with the tokens written so far, only bytes that a single token spells alone are forced.
 * @param history the tokens of the text so far
 */
export function forcedTokens(
  automaton: PushdownAutomaton,
  state: State,
  vocabulary: Vocabulary,
  history: readonly TokenId[],
): TokenId[] {
  const { bytes, end } = forcedBytes(automaton, state);
  if (bytes.length === 0) return [];
  const { tokenizer } = vocabulary;
  if (tokenizer === undefined) return [];
  const before = vocabulary.decodeBytes(history);
  const text = new Uint8Array(before.length + bytes.length);
  text.set(before);
  text.set(bytes, before.length);
  const decoded = decodeStrictly(text);
  if (decoded === undefined) return [];
  const cut = tokenizer.encode(decoded);
  if (cut.length <= history.length || history.some((token, i) => cut[i] !== token)) return [];
  const forced = cut.slice(history.length);
  if (!equalBytes(vocabulary.decodeBytes(forced), bytes)) return [];
  const endsText = automaton.isAccepting(end) && !hasSuccessor(automaton, end);
  if (!endsText) forced.pop();
  return forced;
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
