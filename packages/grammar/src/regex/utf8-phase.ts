// Two automata side by side, whose states are the phases of an encoded text: at a boundary, so many continuation bytes to
// go, or after a lead byte that restricts the second byte. Phases 0 to 7 are well-formed UTF-8 (Unicode 15, table 3-7), phases 8 to 11
// are UTF-16 code units encoded one by one, surrogates too (see Utf16Machine).
// `phases` masks elsewhere hold bit p when a term's language lies within "what completes a text from phase p".

/** Between two code points. The only phase of UTF-8 in which a text may end. */
export const BOUNDARY = 0;
const ONE_MORE = 1;
const TWO_MORE = 2;
const THREE_MORE = 3;
const AFTER_E0 = 4;
const AFTER_ED = 5;
const AFTER_F0 = 6;
const AFTER_F4 = 7;
/** Between two code units. */
export const UNIT_BOUNDARY = 8;
const UNIT_ONE_MORE = 9;
const UNIT_TWO_MORE = 10;
const UNIT_AFTER_E0 = 11;

export const PHASE_COUNT = 12;
export const ALL_PHASES = 0xfff;
export const BOUNDARIES: number = (1 << BOUNDARY) | (1 << UNIT_BOUNDARY);
/** The phases of UTF-8; the others are those of code units. */
export const TEXT_PHASES = 0xff;

/** In a set's targets: some byte of the set is ill-formed in this phase. */
export const ILL_FORMED = 0x8000;

/** The phase after an ill-formed byte. */
export const NO_PHASE = 255;

/** Continuation bytes allowed in each phase but the boundaries: [phase, low, high, next phase]. */
export const CONTINUATIONS: readonly (readonly [number, number, number, number])[] = [
  [ONE_MORE, 0x80, 0xbf, BOUNDARY],
  [TWO_MORE, 0x80, 0xbf, ONE_MORE],
  [THREE_MORE, 0x80, 0xbf, TWO_MORE],
  [AFTER_E0, 0xa0, 0xbf, ONE_MORE],
  [AFTER_ED, 0x80, 0x9f, ONE_MORE],
  [AFTER_F0, 0x90, 0xbf, TWO_MORE],
  [AFTER_F4, 0x80, 0x8f, TWO_MORE],
  [UNIT_ONE_MORE, 0x80, 0xbf, UNIT_BOUNDARY],
  [UNIT_TWO_MORE, 0x80, 0xbf, UNIT_ONE_MORE],
  [UNIT_AFTER_E0, 0xa0, 0xbf, UNIT_ONE_MORE],
];

/** Lead bytes of the boundaries: [phase, low, high, next phase]; later entries overrule earlier ones. */
const LEADS: readonly (readonly [number, number, number, number])[] = [
  [BOUNDARY, 0x00, 0x7f, BOUNDARY],
  [BOUNDARY, 0xc2, 0xdf, ONE_MORE],
  [BOUNDARY, 0xe0, 0xef, TWO_MORE],
  [BOUNDARY, 0xf0, 0xf4, THREE_MORE],
  [BOUNDARY, 0xe0, 0xe0, AFTER_E0],
  [BOUNDARY, 0xed, 0xed, AFTER_ED],
  [BOUNDARY, 0xf0, 0xf0, AFTER_F0],
  [BOUNDARY, 0xf4, 0xf4, AFTER_F4],
  [UNIT_BOUNDARY, 0x00, 0x7f, UNIT_BOUNDARY],
  [UNIT_BOUNDARY, 0xc2, 0xdf, UNIT_ONE_MORE],
  [UNIT_BOUNDARY, 0xe0, 0xef, UNIT_TWO_MORE],
  [UNIT_BOUNDARY, 0xe0, 0xe0, UNIT_AFTER_E0],
];

/** `transitions[phase * 256 + byte]`: the phase after the byte. */
const transitions: Uint8Array = buildTransitions();

function buildTransitions(): Uint8Array {
  const table = new Uint8Array(PHASE_COUNT * 256).fill(NO_PHASE);
  for (const [phase, low, high, next] of [...LEADS, ...CONTINUATIONS]) {
    table.fill(next, phase * 256 + low, phase * 256 + high + 1);
  }
  return table;
}

/** The phases that the bytes of a set (8 words) lead to from `phase`, as a mask, or {@link ILL_FORMED}. */
export function phasesAfter(phase: number, words: Uint32Array, offset: number): number {
  let targets = 0;
  for (let word = 0; word < 8; word++) {
    let bits = words[offset + word];
    while (bits !== 0) {
      const low = 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
      const next = transitions[phase * 256 + word * 32 + low];
      if (next === NO_PHASE) return ILL_FORMED;
      targets |= 1 << next;
    }
  }
  return targets;
}

/** The phase of UTF-8 after a byte, or {@link NO_PHASE} where the byte, or one before it, is ill-formed. */
export function nextTextPhase(phase: number, byte: number): number {
  return phase === NO_PHASE ? NO_PHASE : transitions[phase * 256 + byte];
}
