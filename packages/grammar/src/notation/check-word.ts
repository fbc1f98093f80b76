import { InvalidInputError } from "../errors/invalid-input-error.ts";
import type { RuleNotationOptions, UndefinedRules } from "./notation-options.ts";

/** Programs without types may give any word. */
export function checkWord(option: string, word: string, words: readonly string[]): void {
  if (words.includes(word)) return;
  throw new InvalidInputError({
    message: `The option ${option} is ${JSON.stringify(word)}, but must be ${words.join(" or ")}.`,
    place: option,
  });
}

export function checkUndefinedRules({ undefinedRules = "refuse" }: RuleNotationOptions): UndefinedRules {
  checkWord("undefinedRules", undefinedRules, ["refuse", "nothing"]);
  return undefinedRules;
}
