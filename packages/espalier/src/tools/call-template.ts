import { InvalidInputError } from "@espalier/grammar";
import type { ToolCallFormat } from "./tool-call-format.ts";

/** The texts around the name and the arguments of a call. */
export interface CallTemplate {
  readonly beforeName: string;
  readonly beforeArguments: string;
  readonly after: string;
}

/** Letters, digits and `_ . : / -` could go on with the name. */
const ENDS_NAME = /^[^\p{L}\p{N}_.:/-]/u;

/** @throws InvalidInputError when name and arguments do not stand in it, once each, in this order, apart @internal */
export function callTemplate(format: ToolCallFormat): CallTemplate {
  const pieces = format.call.split(/(\{\{(?:name|arguments)\}\})/);
  const [beforeName, name, beforeArguments, json, after] = pieces;
  if (pieces.length !== 5 || name !== "{{name}}" || json !== "{{arguments}}" || !ENDS_NAME.test(beforeArguments)) {
    throw new InvalidInputError({
      message: `A call of the format "${format.name}" must hold {{name}}, then a text that cannot be part of a name, and {{arguments}}, each once.`,
      place: "format.call",
      hint: 'For example: "<function={{name}}>{{arguments}}".',
    });
  }
  return { beforeName, beforeArguments, after };
}

/**
 * By which texts a reader knows that calls begin: what free text must not hold, or in a `whole` format not begin with.
 * @throws InvalidInputError when the format cannot be read in one way only
 * @internal
 */
export function callMarks(format: ToolCallFormat): readonly string[] {
  const { name, placement, begin, open = "" } = format;
  const isWhole = placement === "whole";
  const marks = begin.map((text) => (text === "" && isWhole ? `${open}${callTemplate(format).beforeName}` : text));
  const clash = marks.find((mark) => marks.some((other) => other !== mark && includes(mark, other, isWhole)));
  if (marks.length > 0 && !marks.includes("") && clash === undefined && new Set(marks).size === marks.length)
    return marks;
  throw new InvalidInputError({
    message:
      clash === undefined
        ? `The texts with which calls of the format "${name}" begin must be different, and not empty.`
        : `In the format "${name}", ${JSON.stringify(clash)} holds another text with which calls begin.`,
    place: "format.begin",
  });
}

function includes(text: string, other: string, isWhole: boolean): boolean {
  return isWhole ? text.startsWith(other) : text.includes(other);
}
