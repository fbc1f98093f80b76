import {
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  type Frame,
  type FrameMachine,
  type Result,
} from "../automaton/frame-machine.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { TokenCovers } from "./token-covers.ts";

/** The known way in which a frame ends: what `completionOf` writes until the frame below goes on. */
export interface FrameEnding {
  readonly result: Result;
  readonly text: Uint8Array;
  /** The fewest tokens that spell the text. */
  readonly tokens: number;
}

/** Completions that one ending may consist of. */
const MAX_PARTS = 8;
/** Endings that are remembered: some megabytes. */
const KEPT_ENDINGS = 32_768;

/** The endings of frames that end by themselves: of texts and numbers, not of what would push other frames first. */
export class FrameEndings {
  readonly #machine: FrameMachine;
  readonly #covers: TokenCovers;
  readonly #known = new Map<number, FrameEnding | undefined>();

  constructor(machine: FrameMachine, vocabulary: Vocabulary) {
    this.#machine = machine;
    this.#covers = new TokenCovers(vocabulary);
  }

  /**
   * Undefined where the frame does not end by itself.
   * @param below the frame right below, for machines that look at it; 0 for others
   */
  of(frame: Frame, below: Frame): FrameEnding | undefined {
    const key = below * FRAMES + frame;
    let ending = this.#known.get(key);
    if (ending === undefined && !this.#known.has(key)) {
      ending = this.#find(frame, below);
      if (this.#known.size >= KEPT_ENDINGS) this.#known.clear();
      this.#known.set(key, ending);
    }
    return ending;
  }

  #find(start: Frame, below: Frame): FrameEnding | undefined {
    const bytes: number[] = [];
    let frame = start;
    for (let part = 0; part < MAX_PARTS; part++) {
      const completion = this.#machine.completion(frame, below);
      if (completion.length === 0) {
        const result = this.#machine.end(frame);
        return result < 0 ? undefined : this.#ending(result, bytes);
      }
      for (const [index, byte] of completion.entries()) {
        bytes.push(byte);
        const action = this.#machine.step(frame, byte);
        const payload = action >>> ACTION_KIND_BITS;
        const kind = action & ACTION_KIND_MASK;
        if (kind === ACTION_POP && index === completion.length - 1) return this.#ending(payload, bytes);
        if (kind !== ACTION_GOTO) return undefined;
        frame = payload;
      }
    }
    return undefined;
  }

  #ending(result: Result, bytes: readonly number[]): FrameEnding | undefined {
    const text = Uint8Array.from(bytes);
    const tokens = this.#covers.count(text);
    return tokens === undefined ? undefined : { result, text, tokens };
  }
}

/** More frames than a machine has. */
export const FRAMES: number = 2 ** 24;
