import { InvalidInputError } from "../errors/invalid-input-error.ts";

/** A value inside a parsed JSON file that we did not write; every step checks the type and knows its place. */
export class JsonReader {
  readonly value: unknown;
  /** File and JSON Pointer: `tokenizer.json#/model/vocab`. */
  readonly place: string;

  constructor(value: unknown, place: string) {
    this.value = value;
    this.place = place;
  }

  /** True for `null` and for what is not there: the files use both. */
  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The member `key`; absent when this is absent. */
  get(key: string | number): JsonReader {
    const pointer = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
    const place = `${this.place}${this.place.includes("#") ? "" : "#"}/${pointer}`;
    if (this.isAbsent) return new JsonReader(undefined, place);
    const container = this.isArray ? (this.value as object) : this.object();
    return new JsonReader(Object.hasOwn(container, key) ? container[key as never] : undefined, place);
  }

  get isArray(): boolean {
    return Array.isArray(this.value);
  }

  object(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== "object" || this.value === null || this.isArray) this.fail("an object");
    return this.value as Readonly<Record<string, unknown>>;
  }

  /** The elements, each with its place. */
  items(): JsonReader[] {
    if (!this.isArray) this.fail("an array");
    return (this.value as unknown[]).map((_, index) => this.get(index));
  }

  string(): string {
    if (typeof this.value !== "string") this.fail("a string");
    return this.value;
  }

  /** The boolean; false when absent. */
  flag(): boolean {
    if (!this.isAbsent && typeof this.value !== "boolean") this.fail("a boolean");
    return this.value === true;
  }

  /** An integer of 0 .. limit - 1. */
  index(limit: number): number {
    const { value } = this;
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= limit) {
      this.fail(`an integer of 0 .. ${limit - 1}`);
    }
    return value as number;
  }

  /** @throws InvalidInputError always. */
  fail(expected: string): never {
    throw new InvalidInputError({
      message: `Expected ${expected} at ${this.place}, found ${describe(this.value)}.`,
      place: this.place,
    });
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : `${value as number | boolean | null}`;
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
