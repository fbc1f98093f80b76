import { choice, type Expression, freeText, literal, regex, sequence, without } from "@espalier/grammar";

/** Any text that does not begin with one of `texts`. @internal */
export function textNotBeginning(texts: readonly string[]): Expression {
  return without(freeText(), sequence(choice(...texts.map((text) => literal(text))), freeText()));
}

/** Any text up to the first place where one of `texts` ends, which must be `text`; `text` is part of it. @internal */
export function textThrough(text: string, texts: readonly string[]): Expression {
  const ends = choice(...texts.map((each) => literal(each)));
  return without(sequence(freeText(), literal(text)), sequence(freeText(), ends, regex(/[^]+/u)));
}
