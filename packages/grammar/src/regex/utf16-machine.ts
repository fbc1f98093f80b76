import type { ByteMachine } from "./byte-machine.ts";
import type { TermArena } from "./term-arena.ts";
import { EMPTY, type Term } from "./term.ts";

/** What has been read of a code point: nothing that matters, 0xED, or a four-byte lead and perhaps its second byte. */
const AFTER_ED = 1;
const LEADS = 2;
const LEAD_COUNT = 5;
const SECONDS = LEADS + LEAD_COUNT;
const PENDING_COUNT = SECONDS + LEAD_COUNT * 64;

/** The bytes that {@link Utf16Machine.next} treats apart outside four-byte sequences. */
const STEPS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0xf0 ? byte : byte === 0xed || byte <= 0x9f ? byte >>> 7 : 2,
);

/**
 * Reads UTF-8 for a term over UTF-16 code units (each encoded like a character, surrogates too; see `codeUnits`).
 * A code point of four bytes b1 b2 b3 b4 is fed as two units of three bytes:
 *
 *     high surrogate  ED  A0|x>>6  80|x&63   where x = (bits of b1, b2, and the upper two of b3) - 64
 *     low surrogate   ED  B0|y     b4        where y = the lower four bits of b3
 *
 * so that after b3 the term has been fed all but b4, and b4 is fed as it is.
 */
export class Utf16Machine implements ByteMachine {
  readonly key: string;
  readonly #arena: TermArena;
  readonly #anyUnits: Term;
  readonly #terms: Term[] = [];
  readonly #pendings: number[] = [];
  readonly #numbers: Map<number, number> = new Map();

  constructor(arena: TermArena, term: Term, anyUnits: Term) {
    this.#arena = arena;
    this.#anyUnits = anyUnits;
    this.key = `UTF-16 of ${term}`;
    this.#intern(term, 0);
  }

  next(state: number, byte: number): number {
    const term = this.#terms[state];
    const pending = this.#pendings[state];
    if (pending >= SECONDS) return this.#third(term, pending - SECONDS, byte);
    if (pending >= LEADS) return this.#second(term, pending - LEADS, byte);
    // Text holds no encoded surrogates.
    if (pending === AFTER_ED && byte > 0x9f) return -1;
    if (byte >= 0xf0) return byte <= 0xf4 ? this.#intern(term, LEADS + byte - 0xf0) : -1;
    return this.#intern(this.#arena.next(term, byte), byte === 0xed ? AFTER_ED : 0);
  }

  #second(term: Term, lead: number, byte: number): number {
    const low = lead === 0 ? 0x90 : 0x80;
    const high = lead === LEAD_COUNT - 1 ? 0x8f : 0xbf;
    return byte < low || byte > high ? -1 : this.#intern(term, SECONDS + lead * 64 + (byte & 63));
  }

  #third(term: Term, read: number, byte: number): number {
    if (byte < 0x80 || byte > 0xbf) return -1;
    const high = ((read << 2) | ((byte & 63) >>> 4)) - 64;
    let fed = term;
    for (const unit of [0xed, 0xa0 | (high >>> 6), 0x80 | (high & 63), 0xed, 0xb0 | (byte & 15)]) {
      fed = this.#arena.next(fed, unit);
    }
    return this.#intern(fed, 0);
  }

  accepts(state: number): boolean {
    return this.#pendings[state] === 0 && this.#arena.isNullable(this.#terms[state]);
  }

  classes(state: number): Uint8Array | undefined {
    return this.#pendings[state] < LEADS ? this.#arena.jointClasses([this.#terms[state]], STEPS) : undefined;
  }

  asTerm(state: number): Term | undefined {
    const term = this.#terms[state];
    if (term === EMPTY) return EMPTY;
    if (this.#pendings[state] !== 0) return undefined;
    return term === this.#anyUnits ? this.#arena.anyText : this.#arena.isTextual(term) ? term : undefined;
  }

  describe(state: number): string {
    return `${this.#arena.toString(this.#terms[state])} (${this.#pendings[state]})`;
  }

  #intern(term: Term, pending: number): number {
    if (term === EMPTY && this.#terms.length > 0) return -1;
    const key = term * PENDING_COUNT + pending;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#terms.push(term) - 1;
      this.#pendings.push(pending);
      this.#numbers.set(key, number);
    }
    return number;
  }
}
