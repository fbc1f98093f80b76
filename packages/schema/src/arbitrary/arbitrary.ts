import { UnsatisfiableError, type PushdownAutomaton } from "@espalier/grammar";
import { Arbitrary, stream, Value, type Random, type Stream } from "fast-check";
import { JsonSchema, type JsonSchemaOptions } from "../json-schema.ts";
import type { JsonValue } from "./json-value.ts";
import { randomText } from "./random-text.ts";
import { simplerValues } from "./simpler-values.ts";

export interface ArbitraryOptions extends Omit<JsonSchemaOptions, "propertyOrder" | "whitespace"> {
  /** About how many bytes of JSON text the largest values have; what the schema demands may take more. @defaultValue 200 */
  readonly targetBytes?: number | undefined;
}

/** Texts drawn for one value, before the shortest member is given instead. */
const ATTEMPTS = 20;

/**
 * Random values of a JSON Schema, for fast-check: every value that comes out satisfies the schema, and so does every value that a
 * failing one is reduced to.
 *
 * Values are random walks over the same automaton that constrains models. They shrink by what they are made of: members and items
 * left out, numbers towards 0, strings shortened; down to the shortest member known.
 *
 * @example
 * ```ts
 * import { arbitrary } from "@espalier/schema/fast-check";
 * fc.assert(fc.property(arbitrary({ type: "object", properties: { age: { type: "integer" } } }), (value) => isPerson(value)));
 * ```
 * @typeParam T the type of the values, which the schema is taken to describe
 * @throws UnsatisfiableError when no value satisfies the schema
 * @throws InvalidInputError, UnsupportedError and LimitExceededError as {@link JsonSchema} does
 */
export function arbitrary<T = JsonValue>(schema: unknown, options: ArbitraryOptions = {}): Arbitrary<T> {
  const { targetBytes = 200, ...rest } = options;
  const compiled = new JsonSchema(schema, { ...rest, propertyOrder: "any", whitespace: "" });
  const shortest = compiled.shortest;
  if (shortest === undefined) {
    throw new UnsatisfiableError({
      message: "No JSON value satisfies the schema, so there is none to generate.",
      place: "#",
    });
  }
  return new SchemaArbitrary(compiled.automaton, shortest, targetBytes) as Arbitrary<unknown> as Arbitrary<T>;
}

class SchemaArbitrary extends Arbitrary<JsonValue> {
  readonly #automaton: PushdownAutomaton;
  readonly #shortest: JsonValue;
  readonly #targetBytes: number;

  constructor(automaton: PushdownAutomaton, shortest: string, targetBytes: number) {
    super();
    this.#automaton = automaton;
    this.#shortest = JSON.parse(shortest) as JsonValue;
    this.#targetBytes = targetBytes;
  }

  override generate(mrng: Random, biasFactor: number | undefined): Value<JsonValue> {
    const isSmall = biasFactor !== undefined && mrng.nextInt(1, biasFactor) === 1;
    const most = isSmall ? Math.ceil(this.#targetBytes / 10) : this.#targetBytes;
    const random = (below: number): number => mrng.nextInt(0, below - 1);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const text = randomText(this.#automaton, { random, targetBytes: mrng.nextInt(0, most) });
      const value = JSON.parse(text) as JsonValue;
      // A number may be too long for a double, whose value is then another one, or too large for any.
      if (isJson(value) && this.#accepts(value)) return new Value(value, undefined);
    }
    return new Value(structuredClone(this.#shortest), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is JsonValue {
    return isJson(value) && this.#accepts(value as JsonValue);
  }

  override shrink(value: JsonValue): Stream<Value<JsonValue>> {
    return stream(this.#simplerMembers(value));
  }

  *#simplerMembers(value: JsonValue): Generator<Value<JsonValue>> {
    for (const candidate of simplerValues(value, this.#shortest)) {
      if (this.#accepts(candidate)) yield new Value(candidate, undefined);
    }
  }

  #accepts(value: JsonValue): boolean {
    let state = this.#automaton.start;
    for (const byte of Buffer.from(JSON.stringify(value))) state = this.#automaton.next(state, byte);
    return this.#automaton.isAccepting(state);
  }
}

/** Whether a value is one that JSON text can spell, as `canShrinkWithoutContext` is asked about examples of all kinds. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  return Object.values(value).every(isJson);
}
