import { DEAD, type PushdownAutomaton } from "@espalier/grammar";
import { randomText, type RandomInteger } from "./random-text.ts";

export interface SampleTextsOptions {
  /** Texts to make; fewer come back when no more different ones are found. @defaultValue 5 */
  readonly count?: number | undefined;
  /** Equal seeds, equal texts. @defaultValue 0 */
  readonly seed?: number | undefined;
  /** Bytes after which a text is finished on the shortest known way. @defaultValue 160 */
  readonly targetBytes?: number | undefined;
}

const ATTEMPTS_PER_TEXT = 4;

/** Different random members of a language; none when it is empty. */
export function sampleTexts(
  language: { readonly automaton: PushdownAutomaton },
  options: SampleTextsOptions = {},
): string[] {
  const { count = 5, seed = 0, targetBytes = 160 } = options;
  const { automaton } = language;
  const texts = new Set<string>();
  if (automaton.start === DEAD) return [];
  const random = seededRandom(seed);
  for (let attempt = 0; attempt < count * ATTEMPTS_PER_TEXT && texts.size < count; attempt++) {
    texts.add(randomText(automaton, { random, targetBytes }));
  }
  return [...texts];
}

/** Mulberry32: 32 bits of state, good enough for samples. */
function seededRandom(seed: number): RandomInteger {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}
