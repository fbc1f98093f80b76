import {
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_PUSH,
  ACTION_REDUCE,
  ACTION_UNKNOWN,
  type Frame,
  type FrameMachine,
  type Result,
} from "../automaton/frame-machine.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { WorkBudget } from "../budget/work-budget.ts";
import { addByte, newByteBits, type ByteBits } from "./byte-bits.ts";

/** Frames that are looked at. */
const MAX_FRAMES = 2_000;

const EVERY_BYTE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** What becomes of a frame that is pushed, whoever pushes it. */
interface Activation {
  readonly frames: Set<Frame>;
  readonly results: Set<Result>;
  /** What goes on when it has ended. */
  readonly waiting: { readonly parent: Frame; readonly above: Activation }[];
  /** Whether the whole text may end together with it. */
  isLast: boolean;
}

/**
 * The bytes with which an automaton may go on where its text could have ended as well: all of them, and perhaps more.
 *
 * A fixed point over frames, each activation by itself, whatever lies below it.
 * @returns undefined when there are too many frames to look at, or what a frame does depends on captured text
 */
export function bytesAfterEnds(guest: PushdownAutomaton, budget: WorkBudget): ByteBits | undefined {
  if (guest.startFrame === 0) return newByteBits();
  return new GuestEnds(guest.machine, budget).run(guest.startFrame);
}

class GuestEnds {
  readonly #machine: FrameMachine;
  readonly #budget: WorkBudget;
  readonly #activations = new Map<Frame, Activation>();
  readonly #queue: (readonly [Activation, Frame])[] = [];

  constructor(machine: FrameMachine, budget: WorkBudget) {
    this.#machine = machine;
    this.#budget = budget;
  }

  run(start: Frame): ByteBits | undefined {
    this.#activation(start).isLast = true;
    for (let at = 0; at < this.#queue.length; at++) {
      if (at === MAX_FRAMES || !this.#visit(...this.#queue[at])) return undefined;
    }
    this.#spreadLast();
    const bytes = newByteBits();
    for (const { frames, isLast } of this.#activations.values()) {
      if (isLast) for (const frame of frames) this.#addBytes(frame, bytes);
    }
    return bytes;
  }

  #activation(frame: Frame): Activation {
    let activation = this.#activations.get(frame);
    if (activation === undefined) {
      activation = { frames: new Set(), results: new Set(), waiting: [], isLast: false };
      this.#activations.set(frame, activation);
      this.#reach(activation, frame);
    }
    return activation;
  }

  #reach(activation: Activation, frame: Frame): void {
    if (activation.frames.has(frame)) return;
    activation.frames.add(frame);
    this.#queue.push([activation, frame]);
  }

  /** False where what the frame does is not known. */
  #visit(activation: Activation, frame: Frame): boolean {
    const machine = this.#machine;
    const delegated = machine.delegate?.(frame) ?? -1;
    if (delegated >= 0) this.#push(activation, delegated);
    const end = machine.end(frame);
    if (end >= 0) this.#end(activation, end);
    for (const byte of machine.distinct?.(frame, EVERY_BYTE) ?? EVERY_BYTE) {
      this.#budget.spend();
      const action = machine.step(frame, byte);
      const payload = action >>> ACTION_KIND_BITS;
      switch (action & ACTION_KIND_MASK) {
        case ACTION_UNKNOWN:
          return false;
        case ACTION_GOTO:
          this.#reach(activation, payload);
          break;
        case ACTION_PUSH:
          this.#push(activation, payload);
          break;
        case ACTION_POP:
        case ACTION_REDUCE:
          this.#end(activation, payload);
          break;
      }
    }
    return true;
  }

  #push(above: Activation, push: number): void {
    const { parent, child } = this.#machine.pushes;
    const activation = this.#activation(child[push]);
    if (activation.waiting.some((one) => one.parent === parent[push] && one.above === above)) return;
    activation.waiting.push({ parent: parent[push], above });
    for (const result of activation.results) this.#reach(above, this.#machine.resume(parent[push], result, undefined));
  }

  #end(activation: Activation, result: Result): void {
    if (activation.results.has(result)) return;
    activation.results.add(result);
    for (const { parent, above } of activation.waiting) {
      this.#reach(above, this.#machine.resume(parent, result, undefined));
    }
  }

  #spreadLast(): void {
    const all = [...this.#activations.values()];
    for (let changed = true; changed;) {
      changed = false;
      for (const activation of all) {
        this.#budget.spend();
        if (activation.isLast) continue;
        activation.isLast = activation.waiting.some(
          ({ parent, above }) =>
            above.isLast &&
            [...activation.results].some(
              (result) => this.#machine.end(this.#machine.resume(parent, result, undefined)) >= 0,
            ),
        );
        changed ||= activation.isLast;
      }
    }
  }

  /** The bytes with which a frame goes on that could have ended; pushes before any byte are looked at in what is pushed. */
  #addBytes(frame: Frame, bytes: ByteBits): void {
    if (this.#machine.end(frame) < 0) return;
    for (let byte = 0; byte < 256; byte++) {
      const kind = this.#machine.step(frame, byte) & ACTION_KIND_MASK;
      if (kind === ACTION_GOTO || kind === ACTION_PUSH || kind === ACTION_POP) addByte(bytes, byte);
    }
  }
}
