import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { DEAD, type Automaton, type State } from "./automaton.ts";
import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_PUSH,
  ACTION_REDUCE,
  ACTION_UNKNOWN,
  type CaptureSample,
  type Frame,
  type FrameMachine,
  type FrameText,
  type Result,
} from "./frame-machine.ts";
import { IntTripleTable } from "./int-triple-table.ts";

/** An interned stack of suspended frames. 0 is the empty stack. */
export type Stack = number;

/** An interned captured text, innermost capture first. 0 is no capture. */
export type Capture = number;

/** A capture whose text is not known; appending to it changes nothing. */
const UNKNOWN_CAPTURE: Capture = 1;

/** The stack below the part of a state that is being looked at alone: popping into it is an exit. */
export const UNKNOWN_STACK: Stack = 1;

const NO_BYTE = -1;

/** What a state is made of; the frame is 0 at the end of the text. */
interface Place {
  frame: Frame;
  stack: Stack;
  capture: Capture;
}

export interface PushdownAutomatonOptions {
  /** States, stacks and captures that may be interned before a {@link LimitExceededError}. @defaultValue 4,000,000 */
  readonly maxStates?: number;
}

/**
 * The automaton of a {@link FrameMachine}: a state is an interned triple (top frame, stack of suspended frames, captured text).
 *
 * Stacks share their tails, so a state costs 20 bytes plus what its frames cost. Equal content, equal number.
 * The state reached by popping the last frame is {@link END_OF_TEXT}: accepting, with nothing to follow.
 */
export class PushdownAutomaton implements Automaton {
  readonly machine: FrameMachine;
  /** The frame before the first byte, as the machine has it; 0 when the language is empty. */
  readonly startFrame: Frame;
  readonly start: State;
  readonly #states = new IntTripleTable();
  readonly #stacks = new IntTripleTable();
  readonly #captures = new IntTripleTable();
  readonly #maxStates: number;
  /** Where {@link advance} has got to. */
  readonly place: Place = { frame: 0, stack: 0, capture: 0 };
  /** Set by {@link next} when it returns DEAD because the text left an {@link UNKNOWN_STACK}: the result handed over, else -1. */
  exitResult: Result = -1;
  /** True when the byte of the exit was consumed by the frame that ended, false when the frame below must take it. */
  exitConsumed = false;
  /** Set by {@link next} when it returns DEAD because the answer depends on a captured text that is not known. */
  needsCapture = false;

  /** @param startFrame the frame before the first byte; 0 when the language is empty */
  constructor(machine: FrameMachine, startFrame: Frame, options: PushdownAutomatonOptions = {}) {
    this.machine = machine;
    this.#maxStates = options.maxStates ?? 4_000_000;
    // Number 1 of each table is reserved: END_OF_TEXT, UNKNOWN_STACK, UNKNOWN_CAPTURE.
    this.#states.intern(0, 0, 0);
    this.#stacks.intern(0, 0, 0);
    this.#captures.intern(0, 0, 0);
    this.startFrame = startFrame;
    this.start = startFrame === 0 ? DEAD : this.stateOf(startFrame, 0, 0);
  }

  get stateCount(): number {
    return this.#states.count;
  }

  get bytesHeld(): number {
    return this.#states.bytesHeld + this.#stacks.bytesHeld + this.#captures.bytesHeld;
  }

  frameOf(state: State): Frame {
    return this.#states.first[state];
  }

  stackOf(state: State): Stack {
    return this.#states.second[state];
  }

  captureOf(state: State): Capture {
    return this.#states.third[state];
  }

  /** The state with the given parts; 0 frames are never interned, and a frame that delegates lies under its child. */
  stateOf(top: Frame, below: Stack, capture: Capture): State {
    this.#settle(top, below, capture);
    return this.#interned(this.place.frame, this.place.stack, capture);
  }

  #interned(frame: Frame, stack: Stack, capture: Capture): State {
    if (this.#states.count + this.#stacks.count + this.#captures.count > this.#maxStates) {
      throw new LimitExceededError({
        message: `The automaton needs more than maxStates (${this.#maxStates}) states.`,
        limit: "maxStates",
        allowed: this.#maxStates,
      });
    }
    return this.#states.intern(frame, stack, capture);
  }

  /** The suspended frame on top of `stack`. */
  suspendedFrame(stack: Stack): Frame {
    return this.#stacks.first[stack];
  }

  stackBelow(stack: Stack): Stack {
    return this.#stacks.second[stack];
  }

  stackCaptures(stack: Stack): boolean {
    return this.#stacks.third[stack] === 1;
  }

  next(state: State, byte: number): State {
    if (state <= END_OF_TEXT) {
      this.exitResult = -1;
      this.needsCapture = false;
      return DEAD;
    }
    const frame = this.#states.first[state];
    const stack = this.#states.second[state];
    const capture = this.#states.third[state];
    if (!this.advance(frame, stack, capture, byte)) return DEAD;
    const { place } = this;
    if (place.frame === frame && place.stack === stack && place.capture === capture) return state;
    return this.#stateAt(place);
  }

  /** The state after the bytes [from, to) of `bytes`, or DEAD. Those in between are not interned. */
  after(state: State, bytes: Uint8Array, from = 0, to: number = bytes.length): State {
    if (from === to || state <= END_OF_TEXT) return from === to ? state : this.next(state, bytes[from]);
    const { place } = this;
    this.#set(this.#states.first[state], this.#states.second[state], this.#states.third[state]);
    for (let i = from; i < to; i++) {
      if (!this.advance(place.frame, place.stack, place.capture, bytes[i])) return DEAD;
    }
    return this.#stateAt(place);
  }

  #stateAt({ frame, stack, capture }: Place): State {
    return frame === 0 ? END_OF_TEXT : this.#interned(frame, stack, capture);
  }

  /**
   * A step from the parts of a state to {@link place}, without a state being interned: for the many places that are only passed.
   * @param from the frame on top; 0 at the end of the text
   * @returns false where {@link next} is DEAD; the place then means nothing
   */
  advance(from: Frame, below: Stack, captured: Capture, byte: number): boolean {
    this.exitResult = -1;
    this.needsCapture = false;
    if (from === 0) return false;
    const machine = this.machine;
    let frame = from;
    let stack = below;
    let capture = captured;
    for (;;) {
      const action = machine.step(frame, byte);
      const payload = action >>> ACTION_KIND_BITS;
      switch (action & ACTION_KIND_MASK) {
        case ACTION_DEAD:
          return false;
        case ACTION_UNKNOWN:
          this.needsCapture = true;
          return false;
        case ACTION_GOTO:
          this.#settle(payload, stack, this.#append(capture, byte));
          return true;
        case ACTION_PUSH: {
          const { parent, child, captures } = machine.pushes;
          const isCaptured = captures[payload];
          const under = this.#stacks.intern(parent[payload], stack, isCaptured ? 1 : 0);
          let inner = this.#append(capture, byte);
          if (isCaptured) inner = this.#captures.intern(0, NO_BYTE, inner);
          this.#settle(child[payload], under, inner);
          return true;
        }
        default: {
          const consumed = (action & ACTION_KIND_MASK) !== ACTION_REDUCE;
          if (stack === UNKNOWN_STACK) {
            this.exitResult = payload;
            this.exitConsumed = consumed;
            return false;
          }
          if (stack === 0) {
            this.#set(0, 0, 0);
            return consumed;
          }
          if (consumed) capture = this.#append(capture, byte);
          frame = this.#resumed(stack, payload, capture);
          if (this.stackCaptures(stack)) capture = this.#closeCapture(capture);
          this.#settle(frame, this.stackBelow(stack), capture);
          if (consumed) return true;
          frame = this.place.frame;
          stack = this.place.stack;
        }
      }
    }
  }

  /** Sets {@link place}; a frame that delegates lies under its child. */
  #settle(top: Frame, below: Stack, capture: Capture): void {
    let frame = top;
    let stack = below;
    for (let push = this.#delegate(frame); push >= 0; push = this.#delegate(frame)) {
      stack = this.#stacks.intern(this.machine.pushes.parent[push], stack, 0);
      frame = this.machine.pushes.child[push];
    }
    this.#set(frame, stack, capture);
  }

  #set(frame: Frame, stack: Stack, capture: Capture): void {
    const { place } = this;
    place.frame = frame;
    place.stack = stack;
    place.capture = capture;
  }

  isAccepting(state: State): boolean {
    if (state <= END_OF_TEXT) return state === END_OF_TEXT;
    let frame = this.#states.first[state];
    let stack = this.#states.second[state];
    let capture = this.#states.third[state];
    for (;;) {
      const result = this.machine.end(frame);
      if (result < 0 || stack === UNKNOWN_STACK) return false;
      if (stack === 0) return true;
      frame = this.#resumed(stack, result, capture);
      if (this.stackCaptures(stack)) capture = this.#closeCapture(capture);
      stack = this.stackBelow(stack);
    }
  }

  /**
   * The state of the frame below, once the top frame of `state` ended with `result` after some further bytes: how a mask goes
   * on where a cached walk of the top frame left off, for all those bytes at once. Captured text becomes unknown.
   * {@link END_OF_TEXT} when nothing is below.
   */
  afterExit(state: State, result: Result): State {
    const stack = this.#states.second[state];
    if (stack === 0) return END_OF_TEXT;
    let capture = this.#states.third[state];
    const frame = this.machine.resume(this.suspendedFrame(stack), result, undefined);
    if (capture !== 0) {
      const closesOutermost = this.stackCaptures(stack) && this.#outerCapture(capture) === 0;
      capture = closesOutermost ? 0 : UNKNOWN_CAPTURE;
    }
    return this.stateOf(frame, this.stackBelow(stack), capture);
  }

  /** The state of the frame below, once the top frame of `state` ended right here with `result`; {@link END_OF_TEXT} when nothing is below. */
  afterEnd(state: State, result: Result): State {
    const stack = this.#states.second[state];
    if (result < 0 || stack === UNKNOWN_STACK) return DEAD;
    if (stack === 0) return END_OF_TEXT;
    let capture = this.#states.third[state];
    const frame = this.#resumed(stack, result, capture);
    if (this.stackCaptures(stack)) capture = this.#closeCapture(capture);
    return this.stateOf(frame, this.stackBelow(stack), capture);
  }

  /** The state after the top frame of `state` consumed all of a text that ends it, found without the frames in between. */
  afterText(state: State, { result, text }: FrameText): State {
    const stack = this.stackOf(state);
    if (stack === UNKNOWN_STACK) return DEAD;
    if (stack === 0) return END_OF_TEXT;
    let capture = this.captureOf(state);
    if (capture > UNKNOWN_CAPTURE) for (const byte of text) capture = this.#append(capture, byte);
    const frame = this.#resumed(stack, result, capture);
    if (this.stackCaptures(stack)) capture = this.#closeCapture(capture);
    return this.stateOf(frame, this.stackBelow(stack), capture);
  }

  /** The state after the captured child above `stack` consumed the text of a sample. Text captured around it is taken for unknown. */
  afterSample(stack: Stack, { result, text }: CaptureSample): State {
    const below = this.stackBelow(stack);
    let outer: Capture = 0;
    for (let at = below; at > UNKNOWN_STACK && outer === 0; at = this.stackBelow(at)) {
      if (this.stackCaptures(at)) outer = UNKNOWN_CAPTURE;
    }
    return this.stateOf(this.machine.resume(this.suspendedFrame(stack), result, text), below, outer);
  }

  /** `state` with its captured text, if any, taken for unknown: states that differ in it alone become one. */
  withoutCapture(state: State): State {
    if (state <= END_OF_TEXT || this.captureOf(state) === 0) return state;
    return this.stateOf(this.frameOf(state), this.stackOf(state), UNKNOWN_CAPTURE);
  }

  toString(state: State = this.start): string {
    if (state === DEAD) return "dead";
    if (state === END_OF_TEXT) return "end of text";
    const frames = [this.machine.describe(this.frameOf(state))];
    for (let stack = this.stackOf(state); stack > UNKNOWN_STACK; stack = this.stackBelow(stack)) {
      frames.push(this.machine.describe(this.suspendedFrame(stack)));
    }
    return frames.join(" · ");
  }

  /** Bytes of the innermost captured text of `state`; 0 without one. O(length). */
  captureLength(state: State): number {
    let length = 0;
    let capture = this.captureOf(state);
    if (capture <= UNKNOWN_CAPTURE) return 0;
    for (; this.#captures.second[capture] !== NO_BYTE; capture = this.#captures.first[capture]!) length++;
    return length;
  }

  #delegate(frame: Frame): number {
    return this.machine.delegate === undefined ? -1 : this.machine.delegate(frame);
  }

  #resumed(stack: Stack, result: Result, capture: Capture): Frame {
    const known = capture !== UNKNOWN_CAPTURE && this.stackCaptures(stack);
    return this.machine.resume(this.suspendedFrame(stack), result, known ? this.#captureBytes(capture) : undefined);
  }

  // A capture is a chain of nodes (previous, byte, outer) that starts at a node (0, NO_BYTE, outer).

  #append(capture: Capture, byte: number): Capture {
    return capture <= UNKNOWN_CAPTURE ? capture : this.#captures.intern(capture, byte, 0);
  }

  #captureBytes(capture: Capture): Uint8Array {
    let length = 0;
    for (let c = capture; this.#captures.second[c] !== NO_BYTE; c = this.#captures.first[c]!) length++;
    const bytes = new Uint8Array(length);
    for (let c = capture; length > 0; c = this.#captures.first[c]!) bytes[--length] = this.#captures.second[c]!;
    return bytes;
  }

  #outerCapture(capture: Capture): Capture {
    if (capture === UNKNOWN_CAPTURE) return UNKNOWN_CAPTURE;
    let root = capture;
    while (this.#captures.second[root] !== NO_BYTE) root = this.#captures.first[root]!;
    return this.#captures.third[root];
  }

  #closeCapture(capture: Capture): Capture {
    let outer = this.#outerCapture(capture);
    if (outer > UNKNOWN_CAPTURE) for (const byte of this.#captureBytes(capture)) outer = this.#append(outer, byte);
    return outer;
  }
}

/** The state after the last frame was popped: accepting, and every byte leads to DEAD. */
export const END_OF_TEXT: State = 1;
