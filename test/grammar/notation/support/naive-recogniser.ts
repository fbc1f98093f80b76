import type { Expression, Grammar } from "@espalier/grammar";

/**
 * Whether a grammar without lexing derives a text: all ends of all rules at all places, added to until nothing changes. Slow, and
 * plain to see.
 */
export function derives(grammar: Grammar, text: string): boolean {
  const characters = [...text];
  const known = new Map<string, Set<number>>();
  let changed = true;
  const endsOfRule = (name: string, from: number): Set<number> => {
    const key = `${name}\n${from}`;
    let ends = known.get(key);
    if (ends === undefined) {
      known.set(key, (ends = new Set()));
      changed = true;
    }
    return ends;
  };
  const endsOf = (expression: Expression, from: number): Set<number> => {
    switch (expression.kind) {
      case "empty":
        return new Set([from]);
      case "literal": {
        const wanted = [...expression.text];
        const found = characters.slice(from, from + wanted.length).join("");
        const same = expression.ignoreCase === true ? sameLetters(found, expression.text) : found === expression.text;
        return new Set(same ? [from + wanted.length] : []);
      }
      case "characters": {
        const codePoint = characters[from]?.codePointAt(0);
        if (codePoint === undefined) return new Set();
        const inside = expression.ranges.some(([low, high]) => low <= codePoint && codePoint <= high);
        return new Set(inside !== (expression.negated === true) ? [from + 1] : []);
      }
      case "regex": {
        const pattern = new RegExp(`^(?:${expression.source})$`, expression.flags);
        const ends = new Set<number>();
        for (let to = from; to <= characters.length; to++) {
          if (pattern.test(characters.slice(from, to).join(""))) ends.add(to);
        }
        return ends;
      }
      case "reference":
        return endsOfRule(expression.rule, from);
      case "sequence":
        return expression.items.reduce((ends, item) => flatMap(ends, (end) => endsOf(item, end)), new Set([from]));
      case "choice":
        return flatMap(new Set(expression.alternatives.keys()), (i) => endsOf(expression.alternatives[i], from));
      case "repeat": {
        const all = new Set<number>();
        let ends = new Set([from]);
        // More rounds than there are characters bring nothing new.
        const rounds = Math.min(expression.max ?? Infinity, expression.min + characters.length + 1);
        for (let round = 0; round <= rounds && ends.size > 0; round++) {
          if (round >= expression.min) for (const end of ends) all.add(end);
          ends = flatMap(ends, (end) => endsOf(expression.item, end));
        }
        return all;
      }
      case "except": {
        const without = endsOf(expression.without, from);
        return new Set([...endsOf(expression.item, from)].filter((end) => !without.has(end)));
      }
      case "intersect": {
        const and = endsOf(expression.and, from);
        return new Set([...endsOf(expression.item, from)].filter((end) => and.has(end)));
      }
      default:
        throw new Error(`The recogniser does not know ${expression.kind}.`);
    }
  };
  endsOfRule(grammar.start, 0);
  while (changed) {
    changed = false;
    for (const [key, ends] of [...known]) {
      const [name, from] = key.split("\n");
      const rule = grammar.rules.get(name);
      if (rule === undefined) throw new Error(`There is no rule ${name}.`);
      for (const end of endsOf(rule.expression, Number(from))) {
        if (!ends.has(end)) changed = true;
        ends.add(end);
      }
    }
  }
  return endsOfRule(grammar.start, 0).has(characters.length);
}

function sameLetters(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || a.toUpperCase() === b.toUpperCase();
}

function flatMap(set: ReadonlySet<number>, map: (each: number) => ReadonlySet<number>): Set<number> {
  const all = new Set<number>();
  for (const each of set) for (const found of map(each)) all.add(found);
  return all;
}
