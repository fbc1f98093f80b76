import type { Expression, Grammar } from "@espalier/grammar";

/** A grammar's form as text: one rule a line, `(a b)` a sequence, `(a | b)` a choice, `a{2,3}` a repeat. */
export function formText(grammar: Grammar): string {
  const lines = [...grammar.rules.values()].map((rule) => {
    const marks = `${rule.isTerminal === true ? "!" : ""}${rule.priority === undefined ? "" : `.${rule.priority}`}`;
    return `${rule.name}${marks} = ${expressionText(rule.expression)}`;
  });
  const ignored = grammar.lexing?.ignored ?? [];
  return [...lines, ...(ignored.length === 0 ? [] : [`ignore ${ignored.join(" ")}`])].join("\n");
}

export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case "empty":
      return "()";
    case "literal":
      return JSON.stringify(expression.text) + (expression.ignoreCase === true ? "i" : "");
    case "characters": {
      const ranges = expression.ranges.map(([low, high]) => (low === high ? hex(low) : `${hex(low)}-${hex(high)}`));
      return `[${expression.negated === true ? "^" : ""}${ranges.join(" ")}]`;
    }
    case "regex":
      return `/${expression.source}/${expression.flags}`;
    case "reference":
      return expression.rule;
    case "sequence":
      return `(${expression.items.map(expressionText).join(" ")})`;
    case "choice":
      return `(${expression.alternatives.map(expressionText).join(" | ")})`;
    case "repeat":
      return `${expressionText(expression.item)}{${expression.min},${expression.max ?? ""}}`;
    case "except":
      return `(${expressionText(expression.item)} - ${expressionText(expression.without)})`;
    case "intersect":
      return `(${expressionText(expression.item)} & ${expressionText(expression.and)})`;
    case "token":
      return `${expression.negated === true ? "!" : ""}<${expression.token}>`;
    case "embedded":
      return `${expression.language} ${JSON.stringify(expression.content)}`;
    case "automaton":
      return expression.description;
  }
}

function hex(codePoint: number): string {
  return codePoint > 0x20 && codePoint < 0x7f && !"[]^-".includes(String.fromCodePoint(codePoint))
    ? String.fromCodePoint(codePoint)
    : `x${codePoint.toString(16)}`;
}
