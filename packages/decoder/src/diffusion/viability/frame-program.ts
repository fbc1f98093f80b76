import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_PUSH,
  ACTION_UNKNOWN,
  type Frame,
  type FrameMachine,
  type Result,
} from "@espalier/grammar";
import { END_OF_CANVAS, type CanvasMoves, type CanvasNode, type CanvasReader } from "./canvas-reader.ts";
import type { ProgramSteps, PushdownProgram } from "./pushdown-program.ts";

/**
 * A frame machine as a program: its frames are the controls. Captured text is not known to it; where that matters, it does not
 * have all texts.
 * @internal
 */
export class FrameProgram implements PushdownProgram {
  readonly start: Frame;
  hasAllTexts = true;
  readonly #machine: FrameMachine;
  /** Frames may end wherever they can: how automata inside a grammar may end depends on what else may follow. */
  readonly #endsAnywhere: boolean;

  constructor(machine: FrameMachine, start: Frame, options: { readonly endsAnywhere?: boolean } = {}) {
    this.#machine = machine;
    this.start = start;
    this.#endsAnywhere = options.endsAnywhere ?? false;
  }

  steps(frame: Frame, node: CanvasNode, moves: CanvasMoves, reader: CanvasReader, found: ProgramSteps): void {
    const machine = this.#machine;
    const end = machine.end(frame);
    if (end >= 0) {
      if (this.#endsAnywhere) found.exit(end, node, -1);
      else if (reader.isFinal(node)) found.exit(end, reader.only(node, END_OF_CANVAS), -1);
    }
    for (let move = 0; move < moves.bytes.length; move++) {
      const byte = moves.bytes[move];
      const action = machine.step(frame, byte);
      const payload = action >>> ACTION_KIND_BITS;
      switch (action & ACTION_KIND_MASK) {
        case ACTION_DEAD:
          break;
        case ACTION_GOTO:
          found.go(payload, move);
          break;
        case ACTION_PUSH:
          found.call(machine.pushes.child[payload], machine.pushes.parent[payload], move);
          break;
        case ACTION_POP:
          found.exit(payload, node, move);
          break;
        case ACTION_UNKNOWN:
          this.hasAllTexts = false;
          break;
        default:
          found.exit(payload, reader.only(node, byte), -1);
      }
    }
  }

  resume(parent: Frame, result: Result): Frame {
    const frame = this.#machine.resume(parent, result, undefined);
    return frame === 0 ? -1 : frame;
  }
}
