import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  type Frame,
  type FrameMachine,
} from "../automaton/frame-machine.ts";
import { EndingSet } from "./ending-set.ts";
import { FRAMES, type FrameEndings } from "./frame-endings.ts";

/** Frames that are remembered: some megabytes. */
const KEPT_CLOSURES = 65_536;

/** What texts consist of mostly: all bytes but control characters, quotes and backslashes. */
const TEXT_BYTES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => byte >= 0x20 && byte !== 0x22 && byte !== 0x5c,
);

/**
 * How a frame may have to end after any text of {@link TEXT_BYTES}, however long: a search in breadth over all frames that such texts
 * lead to. A bound for whole subtrees of the token trie at once.
 */
export class TextClosures {
  readonly #machine: FrameMachine;
  readonly #endings: FrameEndings;
  readonly #closures = new Map<number, EndingSet>();
  /** For frames without a closure, how many frames were looked at. */
  readonly #failed = new Map<number, number>();
  /** Frames that were seen when a search failed, with the same meaning: it may well be no use to start from them. */
  readonly #doubtful = new Map<number, number>();
  /** Frames that failed searches have looked at. */
  wasted = 0;

  constructor(machine: FrameMachine, endings: FrameEndings) {
    this.#machine = machine;
    this.#endings = endings;
  }

  /**
   * Undefined when a text may leave the frame, or leads to more than `maxFrames` others.
   * @param below as in {@link FrameEndings.of}
   * @param hopeful also where an equally large search that came by the frame failed
   */
  of(frame: Frame, below: Frame, maxFrames: number, hopeful: boolean): EndingSet | undefined {
    const key = below * FRAMES + frame;
    const known = this.#closures.get(key);
    if (known !== undefined) return known;
    if ((this.#failed.get(key) ?? 0) >= maxFrames) return undefined;
    if (!hopeful && (this.#doubtful.get(key) ?? 0) >= maxFrames) return undefined;
    if (this.#closures.size + this.#doubtful.size >= KEPT_CLOSURES) {
      this.#closures.clear();
      this.#failed.clear();
      this.#doubtful.clear();
    }
    const found = this.#search(frame, below, maxFrames);
    if (found.set === undefined) {
      this.wasted += found.frames.length;
      this.#failed.set(key, maxFrames);
      for (const seen of found.frames) this.#doubtful.set(below * FRAMES + seen, maxFrames);
      return undefined;
    }
    this.#keep(found.set, found.frames, below);
    return found.set;
  }

  /** What is known already. */
  known(frame: Frame, below: Frame): EndingSet | undefined {
    return this.#closures.get(below * FRAMES + frame);
  }

  /** A frame that is reached ends in no way that is not among those found: where there is one result, that is all there is to know. */
  #keep(set: EndingSet, frames: readonly Frame[], below: Frame): void {
    this.#closures.set(below * FRAMES + frames[0], set);
    if (set.size > 1) return;
    const [{ result, most }] = set;
    for (const frame of frames.slice(1)) {
      const own = new EndingSet();
      own.add(result, most, this.#endings.of(frame, below)!.text, () => []);
      this.#closures.set(below * FRAMES + frame, own);
    }
  }

  #search(start: Frame, below: Frame, maxFrames: number): Search {
    const machine = this.#machine;
    const set = new EndingSet();
    const frames = [start];
    const seen = new Set(frames);
    const cameFrom = [-1];
    const byByte = [0];
    const pathTo = (place: number): number[] => {
      const path: number[] = [];
      for (let at = place; at > 0; at = cameFrom[at]) path.push(byByte[at]);
      return path.reverse();
    };
    for (let place = 0; place < frames.length; place++) {
      const frame = frames[place];
      if (machine.isShared?.(frame) === false) return { set: undefined, frames };
      const known = this.#closures.get(below * FRAMES + frame);
      if (known !== undefined) {
        for (const { result, most, text } of known) set.add(result, most, text, () => pathTo(place));
        continue;
      }
      const ending = this.#endings.of(frame, below);
      if (ending === undefined) return { set: undefined, frames };
      set.add(ending.result, ending.tokens, ending.text, () => pathTo(place));
      for (const byte of machine.distinct?.(frame, TEXT_BYTES) ?? TEXT_BYTES) {
        const action = machine.step(frame, byte);
        if (action === ACTION_DEAD) continue;
        if ((action & ACTION_KIND_MASK) !== ACTION_GOTO) return { set: undefined, frames };
        const next = action >>> ACTION_KIND_BITS;
        if (seen.has(next)) continue;
        if (frames.length >= maxFrames) return { set: undefined, frames };
        seen.add(next);
        frames.push(next);
        cameFrom.push(place);
        byByte.push(byte);
      }
    }
    return { set, frames };
  }
}

interface Search {
  /** Undefined when it failed. */
  readonly set: EndingSet | undefined;
  readonly frames: readonly Frame[];
}
