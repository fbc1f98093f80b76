import { DEAD } from "../automaton/automaton.ts";
import { completionOf } from "../automaton/completions.ts";
import { saturate } from "../regex/saturate.ts";
import type { TermArena } from "../regex/term-arena.ts";
import { EMPTY } from "../regex/term.ts";
import { addByte, newByteBits, type ByteBits } from "./byte-bits.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

/** What is left of a terminal in progress: a term, or a state of its automaton. 0 when nothing can come of it. */
export type Residual = number;

/** More than an automaton has states. */
const STATES = 0x200_0000;

/** The steps of single terminals, be they terms or automata. */
export class TerminalResiduals {
  readonly #terminals: TerminalTable;
  readonly #arena: TermArena;
  /** By term; below zero by label and state. */
  readonly #firstBytes = new Map<number, ByteBits>();

  constructor(terminals: TerminalTable) {
    this.#terminals = terminals;
    this.#arena = terminals.arena;
  }

  /** Before the first byte. */
  start(label: Label): Residual {
    const { term, guest } = this.#terminals.at(label);
    return guest === undefined ? term : guest.start;
  }

  next(label: Label, residual: Residual, byte: number): Residual {
    const { guest } = this.#terminals.at(label);
    return guest === undefined ? this.#arena.next(residual, byte) : guest.next(residual, byte);
  }

  isEnd(label: Label, residual: Residual): boolean {
    const { guest } = this.#terminals.at(label);
    return guest === undefined ? this.#arena.isNullable(residual) : guest.isAccepting(residual);
  }

  /** The bytes that complete it in the shortest way. */
  shortestEnd(label: Label, residual: Residual): Uint8Array {
    const { guest } = this.#terminals.at(label);
    return guest === undefined ? this.#arena.shortest(residual)! : completionOf(guest, residual);
  }

  /** One that no text of at most `byteCount` bytes can tell from this one, where counts can be forgotten. */
  representative(label: Label, residual: Residual, byteCount: number): Residual {
    return this.#terminals.at(label).guest === undefined ? saturate(this.#arena, residual, byteCount) : residual;
  }

  /** The bytes with which it goes on. Remembered. */
  firstBytes(label: Label, residual: Residual): ByteBits {
    const { guest } = this.#terminals.at(label);
    const key = guest === undefined ? residual : -1 - (label * STATES + residual);
    let bytes = this.#firstBytes.get(key);
    if (bytes !== undefined) return bytes;
    bytes = newByteBits();
    if (guest === undefined) {
      const classes = this.#arena.byteClasses(residual).slice();
      const lives = this.#arena
        .classRepresentatives(residual)
        .map((byte) => this.#arena.next(residual, byte) !== EMPTY);
      for (let byte = 0; byte < 256; byte++) if (lives[classes[byte]]) addByte(bytes, byte);
    } else {
      for (let byte = 0; byte < 256; byte++) if (guest.next(residual, byte) !== DEAD) addByte(bytes, byte);
    }
    this.#firstBytes.set(key, bytes);
    return bytes;
  }
}
