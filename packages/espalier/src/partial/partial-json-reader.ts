import { InvalidInputError } from "@espalier/grammar";
import { appendToPointer, assignProperty } from "./json-values.ts";

/** What the reader expects next. Strings, numbers and words are read through, whatever stands between pieces. */
type Expectation = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" | "nothing";
type Lexeme = "none" | "string" | "escape" | "unicode" | "number" | "word";

interface Container {
  readonly value: unknown[] | Record<string, unknown>;
  readonly pointer: string;
  /** The property, or the item, that is being read. */
  key: string | number;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads a JSON text piece by piece: the value so far, and which of its parts are complete. O(text) over all pieces.
 *
 * `value` is one growing object, not a copy per piece. Its parts only ever grow: texts get longer, arrays and objects get more
 * members; numbers, booleans and nulls appear when they are complete. At the end, it equals what `JSON.parse` gives.
 */
export class PartialJsonReader {
  /** The value so far; `undefined` until something of it can be shown. */
  value: unknown = undefined;
  /** Characters (UTF-16 code units) read; after an error, the offset of the character that was refused. */
  offset = 0;
  readonly #complete = new Set<string>();
  #completed: string[] = [];
  readonly #stack: Container[] = [];
  #expectation: Expectation = "value";
  #lexeme: Lexeme = "none";
  #isKey = false;
  #text = "";
  #hex = "";

  /** JSON Pointers of all values that are complete: `""` is the whole, `/items/0/sku` a part. Grows with the text. */
  get complete(): ReadonlySet<string> {
    return this.#complete;
  }

  /** True when {@link takeCompleted} has something to give. */
  get hasNews(): boolean {
    return this.#completed.length > 0;
  }

  /** The pointers that have become complete since the last call, in the order of the text. */
  takeCompleted(): readonly string[] {
    const completed = this.#completed;
    this.#completed = [];
    return completed;
  }

  /**
   * Reads a further piece.
   * @throws InvalidInputError at a character that no JSON text has there; `place` is its offset
   */
  push(piece: string): void {
    const start = this.offset;
    for (let index = 0; index < piece.length;) {
      this.offset = start + index;
      index += this.#lexeme === "string" ? this.#string(piece, index) : this.#character(piece[index]);
    }
    this.offset = start + piece.length;
    this.#showOpenString();
  }

  /** @throws InvalidInputError when the text is not complete. */
  end(): void {
    if (this.#lexeme === "number" || this.#lexeme === "word") this.#finishLexeme();
    if (this.#expectation !== "nothing" || this.#lexeme !== "none") this.#refuse("the text ends too early");
  }

  /** One character outside a string. Returns 1 when it is read, 0 when it is to be looked at again. */
  #character(character: string): 0 | 1 {
    switch (this.#lexeme) {
      case "escape":
        return this.#escape(character);
      case "unicode":
        return this.#unicode(character);
      case "number":
        if (!/[-+.eE\d]/.test(character)) return this.#finishLexeme();
        this.#text += character;
        return 1;
      case "word":
        if (!/[a-z]/.test(character)) return this.#finishLexeme();
        this.#text += character;
        if (this.#text.length > "false".length) this.#refuseCharacter(character);
        return 1;
      default:
        return this.#structure(character);
    }
  }

  #structure(character: string): 1 {
    if (character === " " || character === "\n" || character === "\r" || character === "\t") return 1;
    const expectation = this.#expectation;
    if (expectation === "value" || expectation === "value-or-end") {
      if (character === "]" && expectation === "value-or-end") this.#close();
      else this.#beginValue(character);
    } else if (expectation === "key" || expectation === "key-or-end") {
      if (character === '"') this.#begin("string", true);
      else if (character === "}" && expectation === "key-or-end") this.#close();
      else this.#refuseCharacter(character);
    } else if (expectation === "colon") {
      if (character !== ":") this.#refuseCharacter(character);
      this.#expectation = "value";
    } else if (expectation === "comma-or-end") {
      const isArray = Array.isArray(this.#stack.at(-1)!.value);
      if (character === ",") this.#expectation = isArray ? "value" : "key";
      else if (character === (isArray ? "]" : "}")) this.#close();
      else this.#refuseCharacter(character);
    } else this.#refuseCharacter(character);
    return 1;
  }

  #beginValue(character: string): void {
    const parent = this.#stack.at(-1);
    if (parent !== undefined && Array.isArray(parent.value)) parent.key = parent.value.length;
    if (character === '"') this.#begin("string", false);
    else if (character === "{") this.#open({}, "key-or-end");
    else if (character === "[") this.#open([], "value-or-end");
    else if (/[-\d]/.test(character)) this.#begin("number", false, character);
    else if (/[tfn]/.test(character)) this.#begin("word", false, character);
    else this.#refuseCharacter(character);
  }

  #begin(lexeme: Lexeme, isKey: boolean, text = ""): void {
    this.#lexeme = lexeme;
    this.#isKey = isKey;
    this.#text = text;
  }

  #open(value: unknown[] | Record<string, unknown>, expectation: Expectation): void {
    const pointer = this.#pointer();
    this.#show(value);
    this.#stack.push({ value, pointer, key: 0 });
    this.#expectation = expectation;
  }

  #close(): void {
    this.#markComplete(this.#stack.pop()!.pointer);
  }

  /** Characters of a string, up to its end or an escape. Returns how many. */
  #string(piece: string, from: number): number {
    let index = from;
    for (; index < piece.length; index++) {
      const code = piece.charCodeAt(index);
      if (code === 0x22 || code === 0x5c) break;
      if (code < 0x20) {
        this.offset += index - from;
        this.#refuseCharacter(piece[index]);
      }
    }
    this.#text += piece.slice(from, index);
    if (index === piece.length) return index - from;
    if (piece[index] === '"') this.#finishString();
    else this.#lexeme = "escape";
    return index + 1 - from;
  }

  #escape(character: string): 1 {
    const meaning = ESCAPES[character];
    if (character === "u") {
      this.#lexeme = "unicode";
      this.#hex = "";
    } else if (meaning === undefined) this.#refuseCharacter(character);
    else {
      this.#text += meaning;
      this.#lexeme = "string";
    }
    return 1;
  }

  #unicode(character: string): 1 {
    if (!/[\da-fA-F]/.test(character)) this.#refuseCharacter(character);
    this.#hex += character;
    if (this.#hex.length === 4) {
      this.#text += String.fromCharCode(Number.parseInt(this.#hex, 16));
      this.#lexeme = "string";
    }
    return 1;
  }

  #finishString(): void {
    this.#lexeme = "none";
    if (this.#isKey) {
      this.#stack.at(-1)!.key = this.#text;
      this.#expectation = "colon";
    } else this.#finishValue(this.#text);
  }

  #finishLexeme(): 0 {
    const isNumber = this.#lexeme === "number";
    if (isNumber ? !NUMBER.test(this.#text) : !WORDS.has(this.#text)) {
      this.offset -= this.#text.length;
      this.#refuse(`${JSON.stringify(this.#text.slice(0, 40))} is not a value`);
    }
    this.#lexeme = "none";
    this.#finishValue(isNumber ? Number(this.#text) : WORDS.get(this.#text));
    return 0;
  }

  #finishValue(value: unknown): void {
    this.#show(value);
    this.#markComplete(this.#pointer());
  }

  #markComplete(pointer: string): void {
    this.#complete.add(pointer);
    this.#completed.push(pointer);
    this.#expectation = this.#stack.length === 0 ? "nothing" : "comma-or-end";
  }

  #showOpenString(): void {
    if (this.#isKey || !(this.#lexeme === "string" || this.#lexeme === "escape" || this.#lexeme === "unicode")) return;
    // Half of a surrogate pair is no character yet.
    this.#show(/[\uD800-\uDBFF]$/.test(this.#text) ? this.#text.slice(0, -1) : this.#text);
  }

  #show(value: unknown): void {
    const parent = this.#stack.at(-1);
    if (parent === undefined) this.value = value;
    else if (Array.isArray(parent.value)) parent.value[parent.key as number] = value;
    else assignProperty(parent.value, parent.key as string, value);
  }

  #pointer(): string {
    const parent = this.#stack.at(-1);
    return parent === undefined ? "" : appendToPointer(parent.pointer, parent.key);
  }

  #refuseCharacter(character: string): never {
    this.#refuse(`${JSON.stringify(character)} cannot stand here`);
  }

  #refuse(problem: string): never {
    throw new InvalidInputError({
      message: `No JSON text: ${problem}, at offset ${this.offset}.`,
      place: `offset ${this.offset}`,
    });
  }
}
