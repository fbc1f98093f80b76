import { InvalidInputError } from "@espalier/grammar";
import { Decimal } from "../number/decimal.ts";
import {
  LITERAL_FALSE,
  LITERAL_NULL,
  LITERAL_TRUE,
  NOTHING,
  type ValueId,
} from "./formula.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** The sets that hold one JSON value, for `const` and `enum` and for items already seen. Numbers are compared as decimals. */
export class ConstantValues {
  readonly #values: ValueAlgebra;
  readonly #ofText = new Map<string, ValueId>();

  constructor(values: ValueAlgebra) {
    this.#values = values;
  }

  /** The set of just the value that `text` spells. */
  ofText(text: string): ValueId {
    const key = text.trim();
    let value = this.#ofText.get(key);
    if (value === undefined) {
      value = /^-?[0-9]/.test(key) ? this.#ofDecimal(key) : this.of(JSON.parse(key));
      this.#ofText.set(key, value);
    }
    return value;
  }

  /** The set of just `json`. */
  of(json: unknown): ValueId {
    const values = this.#values;
    switch (typeof json) {
      case "boolean":
        return values.formula({ literals: json ? LITERAL_TRUE : LITERAL_FALSE });
      case "number":
        return this.#ofDecimal(JSON.stringify(json));
      case "string":
        return values.formula({ string: values.arena.text(json.toWellFormed()) });
      case "object":
        break;
      default:
        throw new InvalidInputError({ message: `A constant of type ${typeof json} is not a JSON value.` });
    }
    if (json === null) return values.formula({ literals: LITERAL_NULL });
    if (Array.isArray(json)) {
      const prefix = json.map((item) => this.of(item));
      return values.formula({
        array: values.arrays.conjunction({ prefix, rest: NOTHING, minItems: json.length, maxItems: json.length }),
      });
    }
    const words = new Map(Object.entries(json).map(([key, value]) => [key, this.of(value)]));
    const rules = [{ keys: values.arena.anyText, value: NOTHING }];
    return values.formula({ object: values.objects.conjunction({ words, rules, required: words.keys() }) });
  }

  #ofDecimal(text: string): ValueId {
    const { numbers } = this.#values;
    return this.#values.formula({ number: numbers.constant(Decimal.parse(text)) });
  }
}
