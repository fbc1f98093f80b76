import { simpleEscape, spelledInHex, type EscapePolicy } from "./escapes.ts";

/** The bytes to choose from, one after the other. */
export type Spelling = readonly Uint8Array[];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How escape sequences (RFC 8259, section 7) spell characters. */
export class Spellings {
  readonly #policy: EscapePolicy;
  readonly #known = new Map<number, readonly Spelling[]>();

  constructor(policy: EscapePolicy) {
    this.#policy = policy;
  }

  /** All escape sequences for a character, which is given in UTF-8. */
  readonly of = (character: Uint8Array): readonly Spelling[] => {
    const codePoint = character.length === 1 ? character[0] : decoder.decode(character).codePointAt(0)!;
    let spellings = this.#known.get(codePoint);
    if (spellings === undefined) this.#known.set(codePoint, (spellings = this.#spell(codePoint)));
    return spellings;
  };

  #spell(codePoint: number): Spelling[] {
    const spellings: Spelling[] = [];
    for (let letter = 0x20; letter < 0x7f; letter++) {
      if (simpleEscape(letter, this.#policy) === codePoint)
        spellings.push(["\\", String.fromCharCode(letter)].map(bytes));
    }
    if (spelledInHex([[codePoint, codePoint]], this.#policy).length > 0) {
      const units = String.fromCodePoint(codePoint).split("");
      spellings.push(units.flatMap((unit) => ["\\", "u", ...hexDigits(unit)].map(bytes)));
    }
    return spellings;
  }
}

/** The four digits of a UTF-16 code unit, each in both cases. */
function hexDigits(unit: string): string[] {
  const digits = unit.charCodeAt(0).toString(16).padStart(4, "0").split("");
  return digits.map((digit) => (digit === digit.toUpperCase() ? digit : digit.toUpperCase() + digit));
}

function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}
