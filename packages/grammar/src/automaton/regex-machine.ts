import { EMPTY, type Term } from "../regex/term.ts";
import { saturate } from "../regex/saturate.ts";
import type { TermArena } from "../regex/term-arena.ts";
import {
  ACTION_DEAD,
  gotoFrame,
  type Action,
  type Frame,
  type FrameMachine,
  type PushTable,
  type Result,
} from "./frame-machine.ts";

const NO_PUSHES: PushTable = { parent: [], child: [], captures: [] };
const ENDED: Result = 0;

/** Regular languages as frames: a frame is a term, a step is a derivative, and nothing is ever pushed. */
export class RegexMachine implements FrameMachine {
  readonly arena: TermArena;
  readonly pushes: PushTable = NO_PUSHES;
  /** Terms are bounded by their arena. */
  readonly isFull: boolean = false;

  constructor(arena: TermArena) {
    this.arena = arena;
  }

  step(frame: Frame, byte: number): Action {
    const next = this.arena.next(frame, byte);
    return next === EMPTY ? ACTION_DEAD : gotoFrame(next);
  }

  resume(): Frame {
    throw new Error("Broken invariant: a regular language pushes no frames.");
  }

  end(frame: Frame): Result {
    return this.arena.isNullable(frame) ? ENDED : -1;
  }

  representative(frame: Frame, byteCount: number): Frame {
    return saturate(this.arena, frame, byteCount);
  }

  completion(frame: Frame): Uint8Array {
    return this.arena.shortest(frame) ?? new Uint8Array(0);
  }

  describe(frame: Frame): string {
    return this.arena.toString(frame);
  }

  /** The frame of a term; 0 when its language is empty. */
  frameOf(term: Term): Frame {
    return this.arena.isEmpty(term) ? 0 : term;
  }
}
