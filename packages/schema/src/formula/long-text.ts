import type { ByteMachine } from "@espalier/grammar";

const encoder = new TextEncoder();

/** One text as a machine, its UTF-8 bytes read off one by one: a state is the number of bytes that have been read. */
export class LongText implements ByteMachine {
  readonly key: string;
  readonly #bytes: Uint8Array;

  constructor(text: string) {
    this.key = `text ${text}`;
    this.#bytes = encoder.encode(text);
  }

  next(state: number, byte: number): number {
    return this.#bytes[state] === byte ? state + 1 : -1;
  }

  accepts(state: number): boolean {
    return state === this.#bytes.length;
  }

  isLive(): boolean {
    return true;
  }
}
