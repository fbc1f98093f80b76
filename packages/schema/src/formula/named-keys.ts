import type { ObjectFormula } from "./formula.ts";

/** The keys that a formula names, in the order in which it first does: that of the schema. */
export function namedKeys(formula: ObjectFormula): Set<string> {
  const words = new Set<string>();
  collect(formula, words);
  return words;
}

function collect(formula: ObjectFormula, words: Set<string>): void {
  if (formula.kind === "or") {
    for (const branch of formula.branches) collect(branch, words);
    return;
  }
  for (const word of formula.words.keys()) words.add(word);
  for (const word of formula.required) words.add(word);
  for (const clause of formula.clauses) collect(clause, words);
}
