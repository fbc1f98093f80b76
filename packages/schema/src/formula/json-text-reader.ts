/** What a reader makes of each kind of value. */
export interface JsonBuilder<T> {
  /** @param digits the number as it is written */
  number(digits: string): T;
  string(value: string): T;
  literal(value: boolean | null): T;
  array(items: readonly T[]): T;
  object(members: ReadonlyMap<string, T>): T;
}

const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const LITERALS = [
  ["null", null],
  ["true", true],
  ["false", false],
] as const;

/**
 * Reads JSON text that is known to be valid, handing out numbers as they are written: `JSON.parse` would round them.
 * Recursive; the text's nesting is that of an item which a machine has read before.
 */
export class JsonTextReader<T> {
  readonly #text: string;
  readonly #builder: JsonBuilder<T>;
  #at = 0;

  constructor(text: string, builder: JsonBuilder<T>) {
    this.#text = text;
    this.#builder = builder;
  }

  read(): T {
    this.#skipSpace();
    const char = this.#text[this.#at];
    if (char === '"') return this.#builder.string(this.#string());
    if (char === "[") return this.#builder.array(this.#list("]", () => this.read()));
    if (char === "{") return this.#builder.object(new Map(this.#list("}", () => this.#member())));
    for (const [name, value] of LITERALS) {
      if (!this.#text.startsWith(name, this.#at)) continue;
      this.#at += name.length;
      return this.#builder.literal(value);
    }
    return this.#builder.number(this.#match(NUMBER));
  }

  #list<Entry>(close: string, entry: () => Entry): Entry[] {
    const entries: Entry[] = [];
    this.#at++;
    this.#skipSpace();
    while (this.#text[this.#at] !== close) {
      entries.push(entry());
      this.#skipSpace();
      if (this.#text[this.#at] === ",") this.#at++;
      this.#skipSpace();
    }
    this.#at++;
    return entries;
  }

  #member(): [string, T] {
    const key = this.#string();
    this.#skipSpace();
    this.#at++; // the colon
    return [key, this.read()];
  }

  #string(): string {
    return JSON.parse(this.#match(STRING)) as string;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw new Error(`Broken invariant: no JSON at offset ${this.#at} of a captured value.`);
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #skipSpace(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }
}
