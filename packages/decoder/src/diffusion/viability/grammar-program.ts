import { EMPTY, type ContextFreeForm, type Result, type Term } from "@espalier/grammar";
import type { CanvasMoves, CanvasNode, CanvasReader } from "./canvas-reader.ts";
import { FrameProgram } from "./frame-program.ts";
import type { Control, ProgramSteps, PushdownProgram } from "./pushdown-program.ts";

// The kind of a control is its remainder by the number of kinds.
const DOT = 0;
const TERM = 1;
const NONTERMINAL = 2;
const FIRST_GUEST = 3;
/** Ends a production among the symbols. */
const COMPLETE = 0x7fff_ffff;
const DONE: Result = 0;

/**
 * A context-free grammar as a program: productions with a dot, terminals as derivatives, and the frames of automata inside the
 * grammar. Where texts are cut into terminals first, it has also those texts that would be cut in another way.
 * @internal
 */
export class GrammarProgram implements PushdownProgram {
  readonly start: Control;
  readonly #form: ContextFreeForm;
  /** All alternatives one after the other, each with its end. */
  readonly #symbols: number[] = [];
  /** By nonterminal: where its alternatives begin. */
  readonly #begins: readonly (readonly number[])[];
  readonly #guests: FrameProgram[] = [];
  readonly #guestOfLabel = new Map<number, number>();
  readonly #kinds: number;
  readonly #ignored: readonly number[];
  /** What follows the start symbol, which only ignored terminals may. */
  readonly #end: number;

  constructor(form: ContextFreeForm) {
    this.#form = form;
    this.#begins = form.alternatives.map((alternatives) => alternatives.map((symbols) => this.#add(symbols)));
    const begin = this.#add([form.start]);
    this.#end = begin + 1;
    for (const symbol of this.#symbols) {
      const guest = symbol < 0 ? form.terminal(~symbol).guest : undefined;
      if (guest === undefined || this.#guestOfLabel.has(~symbol)) continue;
      this.#guestOfLabel.set(~symbol, this.#guests.length);
      this.#guests.push(new FrameProgram(guest.machine, guest.startFrame, { endsAnywhere: true }));
    }
    this.#kinds = FIRST_GUEST + this.#guests.length;
    this.#ignored = [...form.ignored];
    this.start = begin * this.#kinds + DOT;
  }

  get hasAllTexts(): boolean {
    return this.#guests.every((guest) => guest.hasAllTexts);
  }

  steps(control: Control, node: CanvasNode, moves: CanvasMoves, reader: CanvasReader, found: ProgramSteps): void {
    const kind = control % this.#kinds;
    const number = (control - kind) / this.#kinds;
    if (kind === DOT) this.#stepsOfDot(control, number, node, found);
    else if (kind === TERM) this.#stepsOfTerm(number, node, moves, found);
    else if (kind === NONTERMINAL) {
      for (const begin of this.#begins[number]) found.become(begin * this.#kinds + DOT);
    } else {
      const pack = (frame: number): Control => frame * this.#kinds + kind;
      this.#guests[kind - FIRST_GUEST].steps(number, node, moves, reader, {
        become: (frame) => found.become(pack(frame)),
        go: (frame, move) => found.go(pack(frame), move),
        call: (child, parent, move) => found.call(pack(child), pack(parent), move),
        exit: (result, at, move) => found.exit(result, at, move),
      });
    }
  }

  resume(parent: Control, result: Result): Control {
    const kind = parent % this.#kinds;
    if (kind < FIRST_GUEST) return parent;
    const frame = this.#guests[kind - FIRST_GUEST].resume((parent - kind) / this.#kinds, result);
    return frame < 0 ? -1 : frame * this.#kinds + kind;
  }

  #add(symbols: readonly number[]): number {
    const begin = this.#symbols.length;
    for (const symbol of symbols) this.#symbols.push(symbol);
    this.#symbols.push(COMPLETE);
    return begin;
  }

  #stepsOfDot(control: Control, dot: number, node: CanvasNode, found: ProgramSteps): void {
    const symbol = this.#symbols[dot];
    if (symbol < 0 || dot === this.#end) {
      for (const label of this.#ignored) this.#callTerminal(label, control, found);
    }
    if (symbol === COMPLETE) found.exit(DONE, node, -1);
    else if (symbol < 0) this.#callTerminal(~symbol, control + this.#kinds, found);
    else found.call(symbol * this.#kinds + NONTERMINAL, control + this.#kinds, -1);
  }

  #callTerminal(label: number, after: Control, found: ProgramSteps): void {
    const { term, guest, isNullable } = this.#form.terminal(label);
    if (isNullable) found.become(after);
    if (guest === undefined) {
      if (term !== EMPTY) found.call(term * this.#kinds + TERM, after, -1);
      return;
    }
    const kind = FIRST_GUEST + this.#guestOfLabel.get(label)!;
    if (guest.startFrame !== 0) found.call(guest.startFrame * this.#kinds + kind, after, -1);
  }

  #stepsOfTerm(term: Term, node: CanvasNode, moves: CanvasMoves, found: ProgramSteps): void {
    const { arena } = this.#form;
    if (arena.isNullable(term)) found.exit(DONE, node, -1);
    for (let move = 0; move < moves.bytes.length; move++) {
      const next = arena.next(term, moves.bytes[move]);
      if (next !== EMPTY) found.go(next * this.#kinds + TERM, move);
    }
  }
}
