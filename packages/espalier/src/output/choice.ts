import { InvalidInputError, TermArena } from "@espalier/grammar";
import type { Output } from "./output.ts";
import { termConstraint } from "./term-constraint.ts";

/** Longer lists are not told to the model. */
const MAX_INSTRUCTION_LENGTH = 2_000;

/**
 * One of several texts, letter for letter; the result's type is their union.
 *
 * @example
 * output: choice(["positive", "neutral", "negative"])
 * @throws InvalidInputError when there is nothing to choose from
 */
export function choice<const Option extends string>(options: readonly Option[]): Output<Option, never> {
  if (!Array.isArray(options) || options.length === 0 || options.some((option) => typeof option !== "string")) {
    throw new InvalidInputError({
      message: "A choice takes a list of at least one text.",
      place: "options",
      hint: 'For example: choice(["yes", "no"]).',
    });
  }
  const texts: readonly Option[] = [...(options as readonly Option[])];
  return {
    kind: "choice",
    cacheKey: JSON.stringify(["choice", ...texts]),
    instruction: () => {
      const listed = texts.map((option) => JSON.stringify(option)).join("|");
      return listed.length > MAX_INSTRUCTION_LENGTH ? undefined : `Answer with one of: ${listed}`;
    },
    compile: (vocabulary) => {
      const arena = new TermArena();
      return termConstraint({ arena, term: arena.words(texts), vocabulary, subject: "the choice" });
    },
    finish: (written) => Promise.resolve(written as Option),
  };
}
