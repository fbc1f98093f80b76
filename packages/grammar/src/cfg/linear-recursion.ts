import type { Expression } from "./grammar.ts";

/**
 * The expression of a rule without its recursion, where all of that stands at the right end: `A: x A | y` is `x* y`
 * (Arden's rule), and likewise at the left end. Undefined where the recursion is of another form.
 */
export function withoutLinearRecursion(expression: Expression, mentions: Mentions): Expression | undefined {
  return solved(expression, mentions, "right") ?? solved(expression, mentions, "left");
}

/** Whether an expression refers to the rule, at any depth. */
export type Mentions = (expression: Expression) => boolean;

type Side = "right" | "left";

interface LinearForm {
  /** What stands beside the recursion. */
  readonly steps: Expression[];
  /** Alternatives without recursion. */
  readonly ends: Expression[];
}

function solved(expression: Expression, mentions: Mentions, side: Side): Expression | undefined {
  const form = linearForm(expression, mentions, side);
  if (form === undefined) return undefined;
  const loop: Expression = { kind: "repeat", item: { kind: "choice", alternatives: form.steps }, min: 0 };
  const ends: Expression = { kind: "choice", alternatives: form.ends };
  return { kind: "sequence", items: side === "right" ? [loop, ends] : [ends, loop] };
}

function linearForm(expression: Expression, mentions: Mentions, side: Side): LinearForm | undefined {
  if (!mentions(expression)) return { steps: [], ends: [expression] };
  switch (expression.kind) {
    case "reference":
      return { steps: [{ kind: "empty" }], ends: [] };
    case "choice": {
      const forms = expression.alternatives.map((alternative) => linearForm(alternative, mentions, side));
      if (forms.some((form) => form === undefined)) return undefined;
      return { steps: forms.flatMap((form) => form!.steps), ends: forms.flatMap((form) => form!.ends) };
    }
    case "repeat": {
      if (expression.min !== 0 || expression.max !== 1) return undefined;
      const form = linearForm(expression.item, mentions, side);
      return form && { steps: form.steps, ends: [...form.ends, { kind: "empty" }] };
    }
    case "sequence": {
      const { items } = expression;
      const at = side === "right" ? items.length - 1 : 0;
      const others = items.filter((_, i) => i !== at);
      if (others.some(mentions)) return undefined;
      const form = linearForm(items[at], mentions, side);
      const join = (item: Expression): Expression => ({
        kind: "sequence",
        items: side === "right" ? [...others, item] : [item, ...others],
      });
      return form && { steps: form.steps.map(join), ends: form.ends.map(join) };
    }
    default:
      return undefined;
  }
}
