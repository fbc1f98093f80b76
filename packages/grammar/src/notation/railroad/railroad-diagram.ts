import type { WorkBudget } from "../../budget/work-budget.ts";
import type { Expression, Grammar, RepeatExpression } from "../../cfg/grammar.ts";
import { notationBudget } from "../notation-budget.ts";
import type { NotationOptions } from "../notation-options.ts";
import { numbered, spellCharacter } from "../printer/character-escapes.ts";
import { withinStack } from "../within-stack.ts";
import { box, escapeXml, framed, inChoice, inLoop, inSequence, line, type Shape, SKIP } from "./shapes.ts";

const MARGIN = 20;
const TITLE_HEIGHT = 24;

const STYLE =
  "svg{background:#fff}path{fill:none;stroke:#333;stroke-width:1.5}text{font:13px monospace;text-anchor:middle;fill:#111}" +
  "rect{stroke:#333;stroke-width:1.5;fill:#fff}.terminal{fill:#e8f3e8}.rule{fill:#e8eef8}.other{fill:#f6efe0}" +
  ".frame{fill:none;stroke-dasharray:4 3}.name,.title{text-anchor:start}.name{font-weight:bold}.label{font-size:11px}";

/**
 * Draws a grammar as railroad diagrams, one for each rule, as the text of an SVG file. All text of the grammar is escaped. O(size of the
 * grammar).
 * @throws LimitExceededError at the limit of work
 */
export function railroadDiagram(
  grammar: Grammar,
  options: Pick<NotationOptions, "maxNotationWork" | "signal"> = {},
): string {
  const budget = notationBudget(options);
  return withinStack(() => {
    const parts: string[] = [];
    let y = MARGIN;
    let width = 0;
    for (const rule of grammar.rules.values()) {
      const shape = shapeOf(rule.expression, budget);
      y += TITLE_HEIGHT;
      const id = rule.name === grammar.start ? `${rule.name} (start)` : rule.name;
      parts.push(`<text class="name" x="${MARGIN}" y="${y - 8}">${escapeXml(id)}</text>`);
      const middle = y + shape.up;
      const end = MARGIN + 2 * MARGIN + shape.width;
      parts.push(line(MARGIN, middle, 2 * MARGIN), ends(MARGIN, middle));
      shape.draw(2 * MARGIN, middle, parts);
      parts.push(line(2 * MARGIN + shape.width, middle, end), ends(end, middle));
      y = middle + shape.down + MARGIN;
      width = Math.max(width, end + MARGIN, id.length * 8 + 2 * MARGIN);
    }
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}">`,
      `<style>${STYLE}</style>`,
      ...parts.filter((each) => each !== ""),
      "</svg>\n",
    ].join("\n");
  });
}

function ends(x: number, y: number): string {
  return `<path d="M${x} ${y - 8}V${y + 8}"/>`;
}

function shapeOf(expression: Expression, budget: WorkBudget): Shape {
  budget.spend();
  const shape = (part: Expression): Shape => shapeOf(part, budget);
  switch (expression.kind) {
    case "empty":
      return SKIP;
    case "literal":
      return box(`${quoted(expression.text)}${expression.ignoreCase === true ? "i" : ""}`, "terminal");
    case "characters":
      return box(classText(expression.ranges, expression.negated === true), "terminal");
    case "regex":
      return box(`/${expression.source}/${expression.flags}`, "terminal");
    case "reference":
      return box(expression.rule, "rule");
    case "sequence":
      return inSequence(expression.items.map(shape));
    case "choice":
      return expression.alternatives.length === 0
        ? box("nothing", "other")
        : inChoice(expression.alternatives.map(shape));
    case "repeat":
      return repeated(expression, shape(expression.item));
    case "except":
      return framed(inSequence([shape(expression.item), framed(shape(expression.without), "but not")]), "all of");
    case "intersect":
      return framed(inSequence([shape(expression.item), framed(shape(expression.and), "and also")]), "all of");
    case "token":
      return box(`${expression.negated === true ? "any token but " : "token "}${expression.token}`, "other");
    case "embedded":
      return box(expression.language, "other");
    case "automaton":
      return box(expression.description, "other");
  }
}

function repeated({ min, max }: RepeatExpression, item: Shape): Shape {
  if (max === 1) return inChoice([item, SKIP]);
  const least = Math.max(1, min);
  const label =
    max === undefined
      ? least === 1
        ? ""
        : `at least ${least}`
      : least === max
        ? `${max} times`
        : `${least} to ${max}`;
  const loop = inLoop(item, label);
  return min === 0 ? inChoice([loop, SKIP]) : loop;
}

function quoted(text: string): string {
  return `"${[...text.slice(0, 100)].map((each) => spellCharacter(each.codePointAt(0) as number, '"\\', (special) => `\\${special}`)).join("")}"`;
}

function classText(ranges: readonly (readonly [number, number])[], negated: boolean): string {
  if (ranges.length === 0) return negated ? "any character" : "nothing";
  const shown = ranges.slice(0, 40).map(([low, high]) => (low === high ? spell(low) : `${spell(low)}-${spell(high)}`));
  return `[${negated ? "^" : ""}${shown.join("")}${ranges.length > 40 ? "…" : ""}]`;
}

function spell(codePoint: number): string {
  return spellCharacter(codePoint, "\\[]^-", (special) =>
    "^-".includes(special) ? numbered(codePoint) : `\\${special}`,
  );
}
