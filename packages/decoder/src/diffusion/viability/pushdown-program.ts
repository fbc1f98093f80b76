import type { Result } from "@espalier/grammar";
import type { CanvasMoves, CanvasNode, CanvasReader } from "./canvas-reader.ts";

/** What is on top of a stack, as a number that its program gave it. */
export type Control = number;

/** What may happen with a control on top of the stack at a place of the canvas. @internal */
export interface ProgramSteps {
  /** The control becomes another one, without a byte. */
  become(control: Control): void;
  /** The control becomes another one with the byte of a move. */
  go(control: Control, move: number): void;
  /** The control becomes `parent`, and `child` is put on top of it; with the byte of a move, or (-1) without. */
  call(child: Control, parent: Control, move: number): void;
  /** The control ends with `result`: with the byte of a move, or (-1) at the place `node`, which is this one or a part of it. */
  exit(result: Result, node: CanvasNode, move: number): void;
}

/** A nondeterministic pushdown machine over the bytes of a canvas. @internal */
export interface PushdownProgram {
  readonly start: Control;
  /**
   * Whether every text of the language is one of the program's. A canvas without any is then without one of the language.
   * It may have more; what it finds is checked. Only known once a program has run.
   */
  readonly hasAllTexts: boolean;
  steps(control: Control, node: CanvasNode, moves: CanvasMoves, reader: CanvasReader, found: ProgramSteps): void;
  /** The control that goes on when what it called ended; -1 when nothing can. */
  resume(parent: Control, result: Result): Control;
}
