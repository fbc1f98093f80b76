import { InvalidInputError } from "@espalier/grammar";
import { callMarks, callTemplate } from "./call-template.ts";
import { jsonValueEnd } from "./json-value-end.ts";
import type { TextPart } from "./tool.ts";
import type { ToolCallFormat } from "./tool-call-format.ts";

/** A call as it was written. */
export interface WrittenCall {
  readonly type: "call";
  readonly name: string;
  /** JSON text. */
  readonly json: string;
}

/**
 * Takes a text of a format apart. White space alone, before, between and behind calls, is left out. O(text).
 * @throws InvalidInputError when the text is not one of the format
 * @internal
 */
export function readToolCalls(text: string, format: ToolCallFormat): (TextPart | WrittenCall)[] {
  return new ToolCallReader(text, format).read();
}

class ToolCallReader {
  readonly #text: string;
  readonly #format: ToolCallFormat;
  readonly #parts: (TextPart | WrittenCall)[] = [];
  #at = 0;

  constructor(text: string, format: ToolCallFormat) {
    this.#text = text;
    this.#format = format;
  }

  read(): (TextPart | WrittenCall)[] {
    const marks = callMarks(this.#format);
    const isWhole = this.#format.placement === "whole";
    while (this.#at < this.#text.length) {
      const next = isWhole ? this.#markHere(marks) : nextMark(this.#text, marks, this.#at);
      if (next === -1) {
        this.#addText(this.#text.length);
        break;
      }
      this.#addText(next);
      this.#block();
    }
    const calls = this.#parts.filter(({ type }) => type === "call").length;
    if (calls === 0) return this.#parts;
    return this.#parts.filter((part) => part.type === "call" || part.text.trim() !== "");
  }

  #markHere(marks: readonly string[]): number {
    return marks.some((mark) => this.#text.startsWith(mark, this.#at)) ? this.#at : -1;
  }

  #addText(end: number): void {
    if (end > this.#at) this.#parts.push({ type: "text", text: this.#text.slice(this.#at, end) });
    this.#at = end;
  }

  #block(): void {
    const { begin, open = "", between, end } = this.#format;
    // The longest first: the empty one always stands there.
    const longestFirst = begin.toSorted((one, other) => other.length - one.length);
    this.#expect(longestFirst.find((each) => this.#text.startsWith(each, this.#at)) ?? begin[0]);
    this.#expect(open);
    this.#call();
    while (between !== undefined && this.#text.startsWith(between, this.#at)) {
      this.#expect(between);
      this.#call();
    }
    this.#expect(end);
    // What stands between two blocks is no text.
    const { betweenBlocks = "" } = this.#format;
    const next = this.#at + betweenBlocks.length;
    const isBetween = this.#text.startsWith(betweenBlocks, this.#at);
    if (isBetween && callMarks(this.#format).some((mark) => this.#text.startsWith(mark, next))) this.#at = next;
  }

  #call(): void {
    const { beforeName, beforeArguments, after } = callTemplate(this.#format);
    this.#expect(beforeName);
    const nameEnd = this.#text.indexOf(beforeArguments, this.#at);
    const name = this.#text.slice(this.#at, nameEnd === -1 ? this.#at : nameEnd);
    this.#at += name.length;
    this.#expect(beforeArguments);
    const end = jsonValueEnd(this.#text, this.#at);
    this.#parts.push({ type: "call", name, json: this.#text.slice(this.#at, end) });
    this.#at = end;
    this.#expect(after);
  }

  #expect(expected: string): void {
    if (this.#text.startsWith(expected, this.#at)) {
      this.#at += expected.length;
      return;
    }
    throw new InvalidInputError({
      message: `The text is not one of the format "${this.#format.name}": there is no ${JSON.stringify(expected)} at offset ${this.#at}.`,
      place: `offset ${this.#at}`,
    });
  }
}

/** Where the first of `marks` stands; -1 when none does. None holds another one, so the first to begin is the first to end. */
function nextMark(text: string, marks: readonly string[], from: number): number {
  const found = marks.map((mark) => text.indexOf(mark, from)).filter((at) => at !== -1);
  return found.length === 0 ? -1 : Math.min(...found);
}
