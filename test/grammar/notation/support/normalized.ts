import type { Expression, Grammar } from "@espalier/grammar";
import { expressionText } from "./form-text.ts";

/**
 * A grammar's form as text, with different words for one thing made the same: `x{2,}` as `x{2} x*`, one character as a literal,
 * neighbouring literals as one, a difference as an intersection.
 */
export function normalized(grammar: Grammar): string {
  const rules = [...grammar.rules.values()].map(
    (rule) =>
      `${rule.name}${rule.isTerminal === true ? `!${rule.priority ?? 0}` : ""} = ${expressionText(simple(rule.expression))}`,
  );
  return [...rules.sort(), `start ${grammar.start}`, `ignore ${grammar.lexing?.ignored.join(" ")}`].join("\n");
}

const ANYTHING: Expression = { kind: "repeat", item: { kind: "characters", ranges: [], negated: true }, min: 0 };

function simple(expression: Expression): Expression {
  switch (expression.kind) {
    case "characters": {
      const [[low, high] = [0, 1]] = expression.ranges;
      const single = expression.ranges.length === 1 && low === high && expression.negated !== true;
      return single ? { kind: "literal", text: String.fromCodePoint(low) } : expression;
    }
    case "regex": {
      // A pattern that is one class.
      const set = /^\[(\^?)((?:[^\\[\]]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[^xupP])*)\]$/.exec(expression.source);
      return set === null ? expression : simple(charactersOf(expression.source));
    }
    case "repeat": {
      const item = simple(expression.item);
      if (expression.max === undefined && expression.min > 1) {
        return simple({
          kind: "sequence",
          items: [
            { ...expression, item, max: expression.min },
            { kind: "repeat", item, min: 0 },
          ],
        });
      }
      return { ...expression, item };
    }
    case "sequence": {
      const items: Expression[] = [];
      for (const each of expression.items
        .map(simple)
        .flatMap((item) => (item.kind === "sequence" ? item.items : [item]))) {
        const before = items.at(-1);
        if (before?.kind === "literal" && each.kind === "literal" && !before.ignoreCase && !each.ignoreCase) {
          items[items.length - 1] = { kind: "literal", text: before.text + each.text };
        } else items.push(each);
      }
      return items.length === 1 ? items[0] : { kind: "sequence", items };
    }
    case "choice":
      return { kind: "choice", alternatives: expression.alternatives.map(simple) };
    case "except": {
      const without: Expression = { kind: "except", item: ANYTHING, without: simple(expression.without) };
      const item = simple(expression.item);
      return expressionText(item) === expressionText(ANYTHING) ? without : { kind: "intersect", item, and: without };
    }
    case "intersect":
      return { kind: "intersect", item: simple(expression.item), and: simple(expression.and) };
    default:
      return expression;
  }
}

/** Where the random classes may begin or end, and everything below. */
const SAMPLES = [
  ...Array.from({ length: 0x3000 }, (_, codePoint) => codePoint),
  0x1_f5ff,
  0x1_f600,
  0x1_f601,
  0x10_ffff,
];

/** What a class matches, asked of RegExp at the samples. */
function charactersOf(source: string): Expression {
  const pattern = new RegExp(`^${source}$`, "u");
  const members = SAMPLES.map((codePoint) => pattern.test(String.fromCodePoint(codePoint)));
  const negated = members[members.length - 1];
  const ranges: [number, number][] = [];
  SAMPLES.forEach((codePoint, index) => {
    if (members[index] === negated) return;
    if (index > 0 && members[index - 1] !== negated) ranges[ranges.length - 1][1] = codePoint;
    else ranges.push([codePoint, codePoint]);
  });
  return negated ? { kind: "characters", ranges, negated } : { kind: "characters", ranges };
}
