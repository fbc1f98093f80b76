import type { Expression } from "@espalier/grammar";

/** Any text. */
export const ANY_TEXT: Expression = pattern("[^]*");

/** Any text in which none of `texts` stands. @internal */
export function textWithout(texts: readonly string[]): Expression {
  if (texts.length === 0) return ANY_TEXT;
  return { kind: "except", item: ANY_TEXT, without: pattern(`[^]*${oneOf(texts)}[^]*`) };
}

/** Any text that does not begin with one of `texts`. @internal */
export function textNotBeginning(texts: readonly string[]): Expression {
  if (texts.length === 0) return ANY_TEXT;
  return { kind: "except", item: ANY_TEXT, without: pattern(`${oneOf(texts)}[^]*`) };
}

/** Any text up to the first place where one of `texts` ends, which must be `text`; `text` is part of it. @internal */
export function textThrough(text: string, texts: readonly string[]): Expression {
  return { kind: "except", item: pattern(`[^]*${oneOf([text])}`), without: pattern(`[^]*${oneOf(texts)}[^]+`) };
}

function pattern(source: string): Expression {
  return { kind: "regex", source, flags: "u" };
}

function oneOf(texts: readonly string[]): string {
  return `(?:${texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join("|")})`;
}
