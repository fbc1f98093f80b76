import { InvalidInputError, part, type Steps } from "@espalier/grammar";
import { Decimal } from "../number/decimal.ts";
import { LITERAL_FALSE, LITERAL_NULL, LITERAL_TRUE, NOTHING, type ValueId } from "./formula.ts";
import { JsonTextReader } from "./json-text-reader.ts";
import { LongText } from "./long-text.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** Beyond what doubles can be: numbers that no value in use has. */
const MAX_EXPONENT = 400;
const MAX_DIGITS = 400;
/** Whatever its exponent. */
const ZERO = /^-?[0.]+(?:[eE]|$)/;
/** Longer texts that were read are kept as they are, in characters. */
const LONG_TEXT = 256;

/** The sets that hold one JSON value, for `const` and `enum` and for items already seen. Numbers are compared as decimals. */
export class ConstantValues {
  readonly #values: ValueAlgebra;
  readonly #ofText = new Map<string, ValueId>();

  constructor(values: ValueAlgebra) {
    this.#values = values;
  }

  /**
   * The set of just the value that `text` spells, numbers as the decimals that are written. A number too large to be held
   * (an exponent of more than 400, more than 400 digits) is taken for none at all: nothing is said to be equal to it.
   */
  ofText(text: string): ValueId {
    const key = text.trim();
    let value = this.#ofText.get(key);
    if (value === undefined) {
      value = this.#ofSyntax(key);
      this.#ofText.set(key, value);
    }
    return value;
  }

  #ofSyntax(text: string): ValueId {
    const reader = new JsonTextReader(text, {
      number: (digits) => this.#ofWrittenNumber(digits),
      string: (json) => this.#ofWrittenText(json),
      literal: (json) => this.of(json),
      array: (items) => this.#ofItems(items),
      object: (members) => this.#ofMembers(members),
    });
    return reader.read();
  }

  /** Of many long texts that might be written only one will be: none gets a term for each byte until it is read again. */
  #ofWrittenText(text: string): ValueId {
    if (text.length < LONG_TEXT) return this.of(text);
    const { arena } = this.#values;
    return this.#values.formula({ string: arena.machine(new LongText(text.toWellFormed()), 0) });
  }

  #ofWrittenNumber(digits: string): ValueId {
    if (ZERO.test(digits)) return this.#ofDecimal("0");
    const exponent = Math.abs(Number(/[eE]([+-]?[0-9]+)$/.exec(digits)?.[1] ?? 0));
    return exponent > MAX_EXPONENT || digits.length > MAX_DIGITS ? NOTHING : this.#ofDecimal(digits);
  }

  /** The set of just `json`. */
  of(json: unknown): ValueId {
    const values = this.#values;
    switch (typeof json) {
      case "boolean":
        return values.scalar({ literals: json ? LITERAL_TRUE : LITERAL_FALSE });
      case "number":
        return this.#ofDecimal(JSON.stringify(json));
      case "string":
        return values.scalar({ string: values.arena.text(json.toWellFormed()) });
      case "object":
        break;
      default:
        throw new InvalidInputError({ message: `A constant of type ${typeof json} is not a JSON value.` });
    }
    if (json === null) return values.scalar({ literals: LITERAL_NULL });
    return values.arena.run(json, () => (Array.isArray(json) ? this.#ofArray(json) : this.#ofObject(json)));
  }

  *#ofArray(json: readonly unknown[]): Steps<ValueId> {
    const items: ValueId[] = [];
    for (const item of json) items.push(yield* part(() => this.of(item)));
    return yield* part(() => this.#ofItems(items));
  }

  *#ofObject(json: object): Steps<ValueId> {
    const members = new Map<string, ValueId>();
    for (const [key, value] of Object.entries(json)) {
      members.set(key.toWellFormed(), yield* part(() => this.of(value)));
    }
    const words = sortedByKey(members);
    return yield* part(() => this.#ofWords(words));
  }

  #ofItems(items: readonly ValueId[]): ValueId {
    const { length } = items;
    const { arrays } = this.#values;
    return this.#values.formula({
      array: arrays.conjunction({ prefix: items, rest: NOTHING, minItems: length, maxItems: length }),
    });
  }

  #ofMembers(members: ReadonlyMap<string, ValueId>): ValueId {
    return this.#ofWords(sortedByKey(members));
  }

  #ofWords(words: ReadonlyMap<string, ValueId>): ValueId {
    const { arena, objects } = this.#values;
    const rules = [{ keys: arena.anyText, value: NOTHING }];
    return this.#values.formula({ object: objects.conjunction({ words, rules, required: words.keys() }) });
  }

  #ofDecimal(text: string): ValueId {
    const { numbers } = this.#values;
    return this.#values.scalar({ number: numbers.constant(Decimal.parse(text)) });
  }
}

function sortedByKey(members: ReadonlyMap<string, ValueId>): ReadonlyMap<string, ValueId> {
  return new Map([...members].sort(([a], [b]) => (a < b ? -1 : 1)));
}
