import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import {
  ACTION_KIND_BITS,
  ACTION_PUSH,
  type Action,
  type Frame,
  type FrameMachine,
  type PushTable,
  type Result,
} from "./frame-machine.ts";

const UNKNOWN_ACTION = -1;

/** A machine is full long before it is at its limit, so that what runs can end on it. */
const ROLL_OVER_SHARE = 16;

/** What a concrete machine keeps for one frame. */
export interface FrameContent {
  /** Interning key: equal keys, equal frames. */
  readonly key: string;
}

/**
 * Interning and memoisation that every concrete {@link FrameMachine} needs: frames by key, one row of 256 actions a frame
 * (allocated on the frame's first step), pushes by content, resumptions by (frame, result).
 */
export abstract class MemoisedFrameMachine<Content extends FrameContent> implements FrameMachine {
  readonly pushes: PushTable;
  readonly #pushParent: Frame[] = [];
  readonly #pushChild: Frame[] = [];
  readonly #pushCaptures: boolean[] = [];
  readonly #pushIds = new Map<string, number>();
  readonly #contents: Content[] = [undefined as unknown as Content];
  readonly #ids = new Map<string, Frame>();
  readonly #rows: (Int32Array | undefined)[] = [undefined];
  readonly #completions: (Uint8Array | undefined)[] = [undefined];
  readonly #resumed = new Map<number, Frame>();
  readonly #maxFrames: number;

  constructor(maxFrames: number) {
    this.#maxFrames = maxFrames;
    this.pushes = { parent: this.#pushParent, child: this.#pushChild, captures: this.#pushCaptures };
  }

  protected abstract computeStep(content: Content, frame: Frame, byte: number): Action;
  protected abstract computeResume(content: Content, result: Result, captured: Uint8Array | undefined): Frame;
  protected abstract computeCompletion(content: Content, frame: Frame): Uint8Array;
  abstract end(frame: Frame): Result;
  abstract describe(frame: Frame): string;

  representative(frame: Frame, _byteCount: number): Frame {
    return frame;
  }

  get isFull(): boolean {
    return this.frameCount > this.#maxFrames / ROLL_OVER_SHARE;
  }

  get frameCount(): number {
    return this.#contents.length - 1;
  }

  step(frame: Frame, byte: number): Action {
    let row = this.#rows[frame];
    if (row === undefined) {
      row = new Int32Array(256).fill(UNKNOWN_ACTION);
      this.#rows[frame] = row;
    }
    const known = row[byte];
    if (known !== UNKNOWN_ACTION) return known;
    const action = this.computeStep(this.#contents[frame], frame, byte);
    row[byte] = action;
    return action;
  }

  completion(frame: Frame, _below?: Frame): Uint8Array {
    return (this.#completions[frame] ??= this.computeCompletion(this.#contents[frame], frame));
  }

  resume(frame: Frame, result: Result, captured: Uint8Array | undefined): Frame {
    if (captured !== undefined) return this.computeResume(this.#contents[frame], result, captured);
    const key = frame * 0x400000 + result;
    let resumed = this.#resumed.get(key);
    if (resumed === undefined) {
      resumed = this.computeResume(this.#contents[frame], result, undefined);
      this.#resumed.set(key, resumed);
    }
    return resumed;
  }

  protected contentOf(frame: Frame): Content {
    return this.#contents[frame];
  }

  protected internFrame(content: Content): Frame {
    const known = this.#ids.get(content.key);
    if (known !== undefined) return known;
    const frame = this.#contents.length;
    if (frame > this.#maxFrames) {
      throw new LimitExceededError({
        message: `The automaton needs more than maxFrames (${this.#maxFrames}) frames.`,
        limit: "maxFrames",
        allowed: this.#maxFrames,
      });
    }
    this.#contents.push(content);
    this.#rows.push(undefined);
    this.#completions.push(undefined);
    this.#ids.set(content.key, frame);
    return frame;
  }

  protected push(parent: Frame, child: Frame, captures: boolean): Action {
    const key = `${parent},${child},${captures ? 1 : 0}`;
    let id = this.#pushIds.get(key);
    if (id === undefined) {
      id = this.#pushParent.length;
      this.#pushParent.push(parent);
      this.#pushChild.push(child);
      this.#pushCaptures.push(captures);
      this.#pushIds.set(key, id);
    }
    return (id << ACTION_KIND_BITS) | ACTION_PUSH;
  }
}
