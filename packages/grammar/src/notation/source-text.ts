import type { SourcePlace } from "../cfg/grammar.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { describeValue } from "../cfg/check-expression.ts";

/** Columns shown on each side of the place of an error. */
const EXCERPT_MARGIN = 60;

/** Characters of a file's name that messages show: names may be made by a program, and then of any length. */
const LONGEST_NAME = 60;

/** The text of one notation file, and how errors point into it. Columns count UTF-16 units, as editors do. */
export class SourceText {
  readonly text: string;
  readonly name: string | undefined;
  readonly #lineStarts: number[] = [0];

  /** @throws InvalidInputError for what is no text, which programs without types may give */
  constructor(text: string, name?: string | undefined) {
    if (typeof text !== "string") {
      throw new InvalidInputError({ message: `The grammar is no text, but ${describeValue(text)}.`, place: name });
    }
    this.text = text;
    this.name = name;
    for (const { index, 0: end } of text.matchAll(/\r\n|[\r\n]/g)) this.#lineStarts.push(index + end.length);
  }

  /** O(log lines). */
  placeAt(offset: number): SourcePlace {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low] + 1 };
  }

  /** "line 3, column 5", with the file's name before it where it has one. */
  describe(offset: number): string {
    const { line, column } = this.placeAt(offset);
    return `${this.name === undefined ? "" : `${shortName(this.name)} `}line ${line}, column ${column}`;
  }

  /** The line of a place with a caret under it; a long line is cut around it. */
  excerpt(offset: number): string {
    const { line, column } = this.placeAt(offset);
    const start = this.#lineStarts[line - 1];
    const whole = this.text.slice(start, this.#lineStarts[line] ?? this.text.length).replace(/[\r\n]+$/, "");
    const from = Math.max(0, column - 1 - EXCERPT_MARGIN);
    const to = Math.min(whole.length, column - 1 + EXCERPT_MARGIN);
    const before = `${from > 0 ? "…" : ""}${whole.slice(from, column - 1)}`;
    const after = `${whole.slice(column - 1, to)}${to < whole.length ? "…" : ""}`;
    const gutter = String(line);
    return `  ${gutter} | ${before}${after}\n  ${" ".repeat(gutter.length)} | ${before.replaceAll(/[^\t]/g, " ")}^`;
  }

  /** `sentence` is without its final full stop, since the place follows. */
  invalid(offset: number, sentence: string, hint?: string | undefined): InvalidInputError {
    return new InvalidInputError({ message: this.#message(offset, sentence), place: this.describe(offset), hint });
  }

  unsupported(offset: number, sentence: string, hint?: string | undefined): UnsupportedError {
    return new UnsupportedError({ message: this.#message(offset, sentence), place: this.describe(offset), hint });
  }

  #message(offset: number, sentence: string): string {
    return `${sentence} at ${this.describe(offset)}.\n${this.excerpt(offset)}`;
  }
}

/** A file's name, its middle left out where it is long. */
export function shortName(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  return `${name.slice(0, LONGEST_NAME / 3)}…${name.slice(1 - (LONGEST_NAME * 2) / 3)}`;
}
