import type { Expression, Grammar } from "@espalier/grammar";

/**
 * The members of a grammar with at most `length` characters over `letters`, by the textbook: sets of words grow until nothing is
 * added. Without lexing.
 */
export function boundedLanguage(grammar: Grammar, letters: readonly string[], length: number): Set<string> {
  const languages = new Map<string, Set<string>>([...grammar.rules.keys()].map((name) => [name, new Set()]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, rule] of grammar.rules) {
      const known = languages.get(name)!;
      for (const word of wordsOf(rule.expression, languages, letters, length)) {
        changed ||= !known.has(word);
        known.add(word);
      }
    }
  }
  return languages.get(grammar.start)!;
}

function wordsOf(
  expression: Expression,
  languages: ReadonlyMap<string, ReadonlySet<string>>,
  letters: readonly string[],
  length: number,
): Set<string> {
  const inner = (part: Expression): Set<string> => wordsOf(part, languages, letters, length);
  switch (expression.kind) {
    case "empty":
      return new Set([""]);
    case "literal":
      return new Set(expression.text.length <= length ? [expression.text] : []);
    case "characters": {
      const has = (letter: string): boolean =>
        expression.ranges.some(([low, high]) => letter.codePointAt(0)! >= low && letter.codePointAt(0)! <= high);
      return new Set(letters.filter((letter) => has(letter) !== (expression.negated === true)));
    }
    case "regex": {
      const pattern = new RegExp(`^(?:${expression.source})$`, expression.flags);
      return new Set(allWords(letters, length).filter((word) => pattern.test(word)));
    }
    case "reference":
      return new Set(languages.get(expression.rule));
    case "sequence":
      return expression.items.reduce<Set<string>>((words, item) => joined(words, inner(item), length), new Set([""]));
    case "choice":
      return new Set(expression.alternatives.flatMap((alternative) => [...inner(alternative)]));
    case "repeat": {
      const unit = inner(expression.item);
      let power = new Set([""]);
      const words = new Set<string>();
      const rounds = Math.min(expression.max ?? Infinity, expression.min + length);
      for (let count = 0; count <= rounds; count++) {
        if (count >= expression.min) for (const word of power) words.add(word);
        power = joined(power, unit, length);
      }
      return words;
    }
    case "except": {
      const without = inner(expression.without);
      return new Set([...inner(expression.item)].filter((word) => !without.has(word)));
    }
    case "intersect": {
      const and = inner(expression.and);
      return new Set([...inner(expression.item)].filter((word) => and.has(word)));
    }
    default:
      throw new Error(`The oracle does not know expressions of kind "${expression.kind}".`);
  }
}

function joined(heads: ReadonlySet<string>, tails: ReadonlySet<string>, length: number): Set<string> {
  const words = new Set<string>();
  for (const head of heads) for (const tail of tails) if (head.length + tail.length <= length) words.add(head + tail);
  return words;
}

function allWords(letters: readonly string[], length: number): string[] {
  let level = [""];
  const words = [""];
  for (let i = 0; i < length; i++) {
    level = level.flatMap((word) => letters.map((letter) => word + letter));
    words.push(...level);
  }
  return words;
}
