import type { WorkBudget } from "../../budget/work-budget.ts";
import type { Expression } from "../../cfg/grammar.ts";
import { ANY_CHARACTER, charactersOf, literalOf, repeatOf } from "../expressions.ts";
import { givenExpressions } from "../given-expressions.ts";

/** What a special sequence of ISO 14977 stands for. */
export interface SpecialSequence {
  readonly expression: Expression;
  /** In words, for the note that says how the sequence was read; absent where its own words leave no doubt. */
  readonly readAs?: string | undefined;
}

const WHITE_SPACE = charactersOf([
  [0x09, 0x0d],
  [0x20, 0x20],
]);
const NO_CONTROLS = charactersOf(
  [
    [0x00, 0x1f],
    [0x7f, 0x9f],
  ],
  true,
);

/** Those of the standard's own grammar (ISO 6429 is about control characters), and what people write most. */
const KNOWN: readonly (readonly [text: string, SpecialSequence])[] = [
  ...(
    [
      ["Horizontal Tabulation", "\t"],
      ["Vertical Tabulation", "\v"],
      ["Line Feed", "\n"],
      ["Form Feed", "\f"],
      ["Carriage Return", "\r"],
    ] as const
  ).map(([name, text]) => [`ISO 6429 character ${name}`, { expression: literalOf(text) }] as const),
  ...["any character", "all characters", "any unicode character"].map(
    (text) => [text, { expression: ANY_CHARACTER }] as const,
  ),
  ...["all visible characters", "any visible character", "visible character", "printable character"].map(
    (text) => [text, { expression: NO_CONTROLS, readAs: "one character that is no control character" }] as const,
  ),
  ["white space characters", { expression: repeatOf(WHITE_SPACE, 1), readAs: "white space of ASCII, once or more" }],
  ["white space character", { expression: WHITE_SPACE, readAs: "one character of white space of ASCII" }],
];

/** Case and gaps count for nothing. */
export function specialSequenceName(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ").toLowerCase();
}

/** All that are known, and those that a program gives. @throws InvalidInputError for an expression that is none */
export function readSpecialSequences(
  given: Readonly<Record<string, Expression>>,
  budget: WorkBudget,
): ReadonlyMap<string, SpecialSequence> {
  const known = new Map<string, SpecialSequence>(KNOWN.map(([text, special]) => [specialSequenceName(text), special]));
  for (const [text, expression] of givenExpressions("specialSequences", given, budget)) {
    known.set(specialSequenceName(text), { expression });
  }
  return known;
}
