import {
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  type Frame,
  type FrameMachine,
} from "../automaton/frame-machine.ts";
import { NO_PHASE, nextTextPhase } from "../regex/utf8-phase.ts";
import { ANY_BYTES, isInAlphabet, type Alphabet } from "./node-alphabets.ts";

/** Longer texts are not looked at. */
const MAX_DEPTH = 64;
/** Texts of so many bytes are looked at in any case. */
const LEAST_DEPTH = 2;
/**
 * A search looks at one position for so many nodes that it may save a walk, within bounds: where a frame counts words and characters at
 * once, each position is a new frame.
 */
const NODES_PER_POSITION = 8;
const LEAST_POSITIONS = 4;
const MOST_POSITIONS = 192;
/** Answers that are remembered: some megabytes. */
const KEPT_DEPTHS = 65_536;
/** More than there are. */
const PHASES = 16;
const ALPHABETS = 32;
/** Phases of UTF-8, boundaries included. */
const TEXT_PHASES = 8;

/** The bytes that may come next, by alphabet and phase. */
const bytesOf: readonly (readonly Uint8Array[])[] = Array.from({ length: ANY_BYTES }, (_, alphabet) =>
  Array.from({ length: TEXT_PHASES }, (_phase, phase) =>
    Uint8Array.from({ length: 256 }, (_byte, byte) => byte).filter(
      (byte) => isInAlphabet(alphabet, byte) && nextTextPhase(phase, byte) !== NO_PHASE,
    ),
  ),
);

/**
 * How long a text of some alphabet may be so that a frame is sure to live through it, whatever the text is: a string with 40
 * characters left allows every token of up to 40 letters, which need not be looked at one by one.
 *
 * A search in breadth from the frame over all bytes of the alphabet, up to the first byte that does anything but lead to another frame.
 */
export class SafeDepths {
  readonly #machine: FrameMachine;
  /** Lengths up to which all texts are known to be safe; of a negative number, of which longer ones have not been looked at. */
  readonly #depths = new Map<number, number>();
  /** Positions after which a search has given up. */
  readonly #givenUp = new Map<number, number>();

  constructor(machine: FrameMachine) {
    this.#machine = machine;
  }

  /**
   * Whether every text over the alphabet of up to `length` bytes keeps `frame` alive and on top; false says nothing.
   * @param phase of UTF-8, before the text
   * @param nodes how many need not be walked when it does
   */
  reaches(frame: Frame, phase: number, alphabet: Alphabet, length: number, nodes: number): boolean {
    if (alphabet >= ANY_BYTES || phase === NO_PHASE) return false;
    const key = (frame * PHASES + phase) * ALPHABETS + alphabet;
    let depth = this.#depths.get(key);
    if (depth === undefined || (depth < 0 && -depth < Math.min(length, MAX_DEPTH))) {
      const positions = Math.max(LEAST_POSITIONS, Math.min(MOST_POSITIONS, nodes / NODES_PER_POSITION));
      if (positions < 2 * (this.#givenUp.get(key) ?? 0)) return false;
      // Twice as far as before, so that looking again and again costs no more than once.
      const wanted = Math.min(MAX_DEPTH, Math.max(length, LEAST_DEPTH, -2 * (depth ?? 0)));
      depth = this.#search(frame, phase, alphabet, wanted, positions);
      if (depth === undefined) {
        keep(this.#givenUp, key, positions);
        return false;
      }
      keep(this.#depths, key, depth);
    }
    return Math.abs(depth) >= length;
  }

  /**
   * @param wanted longer texts are not looked at
   * @returns as {@link #depths}; undefined where there are more positions, of which a larger search would look at more
   */
  #search(start: Frame, phase: number, alphabet: Alphabet, wanted: number, positions: number): number | undefined {
    const machine = this.#machine;
    const seen = new Set<number>();
    let level = [start * PHASES + phase];
    seen.add(level[0]);
    for (let depth = 0; depth < wanted; depth++) {
      const next: number[] = [];
      for (const position of level) {
        const at = position % PHASES;
        const frame = (position - at) / PHASES;
        const bytes = bytesOf[alphabet][at];
        for (const byte of machine.distinct?.(frame, bytes) ?? bytes) {
          const action = machine.step(frame, byte);
          if ((action & ACTION_KIND_MASK) !== ACTION_GOTO) return depth;
          const after = (action >>> ACTION_KIND_BITS) * PHASES + nextTextPhase(at, byte);
          if (seen.has(after)) continue;
          if (seen.size >= positions) return positions < MOST_POSITIONS ? undefined : depth;
          seen.add(after);
          next.push(after);
        }
      }
      if (next.length === 0) {
        for (const position of seen) keep(this.#depths, position * ALPHABETS + alphabet, Infinity);
        return Infinity;
      }
      level = next;
    }
    return -wanted;
  }
}

function keep(answers: Map<number, number>, key: number, answer: number): void {
  if (answers.size >= KEPT_DEPTHS) answers.clear();
  answers.set(key, answer);
}
