import type { AST } from "@eslint-community/regexpp";
import type { WorkBudget } from "../../budget/work-budget.ts";
import type { CharactersExpression, Expression, RegexExpression } from "../../cfg/grammar.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { closeUnderCase } from "../../regex/case-folding.ts";
import { classContents, type RegexFlags } from "../../regex/character-class.ts";
import { CodePointSet } from "../../regex/code-point-set.ts";
import { scopedFlags } from "../../regex/pattern-traits.ts";
import { charactersOf, choiceOf, literalOf, NOTHING, repeatOf, sequenceOf } from "../expressions.ts";
import { parsePattern } from "./parse-pattern.ts";

/**
 * A regular expression in the words of a grammar: literals, characters, choices, repeats.
 * @throws UnsupportedError for assertions and back-references
 */
export function expressionOfRegex(regex: RegexExpression, rule: string, budget: WorkBudget): Expression {
  const { pattern, flags } = parsePattern(regex, rule);
  return alternatives(pattern.alternatives, flags, { rule, budget });
}

/** A literal whose case does not matter, as characters. */
export function expressionOfCaseless(text: string): Expression {
  return joined(
    [...text].map((each) => {
      const codePoint = each.codePointAt(0) as number;
      return charactersOfSet(closeUnderCase(CodePointSet.of([[codePoint, codePoint]]), "unicode"));
    }),
  );
}

/** A set of characters, negated where that is shorter. */
export function charactersOfSet(set: CodePointSet): CharactersExpression {
  const last = set.ranges.at(-1);
  if (last === undefined || last[1] < 0x10_ffff) return charactersOf(set.ranges);
  const others = set.complement();
  return others.ranges.length <= set.ranges.length ? charactersOf(others.ranges, true) : charactersOf(set.ranges);
}

interface Context {
  readonly rule: string;
  readonly budget: WorkBudget;
}

function alternatives(list: readonly AST.Alternative[], flags: RegexFlags, context: Context): Expression {
  return choiceOf(list.map(({ elements }) => joined(elements.map((each) => element(each, flags, context)))));
}

/** A sequence in which neighbouring single characters are one literal. */
function joined(items: readonly Expression[]): Expression {
  const parts: Expression[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") parts.push(literalOf(text));
    text = "";
  };
  for (const item of items) {
    const single = singleCharacter(item);
    if (single === undefined) {
      flush();
      parts.push(item);
    } else text += single;
  }
  flush();
  return sequenceOf(parts);
}

function singleCharacter(item: Expression): string | undefined {
  if (item.kind !== "characters" || item.negated === true || item.ranges.length !== 1) return undefined;
  const [[low, high]] = item.ranges;
  return low === high ? String.fromCodePoint(low) : undefined;
}

function element(node: AST.Element | AST.QuantifiableElement, flags: RegexFlags, context: Context): Expression {
  context.budget.spend();
  switch (node.type) {
    case "Group":
      return alternatives(node.alternatives, scopedFlags(node, flags), context);
    case "CapturingGroup":
      return alternatives(node.alternatives, flags, context);
    case "Quantifier": {
      const item = element(node.element, flags, context);
      const single = singleCharacter(item);
      const repeated = single === undefined ? item : literalOf(single);
      return repeatOf(repeated, node.min, node.max === Infinity ? undefined : node.max);
    }
    case "Assertion":
    case "Backreference":
      throw new UnsupportedError({
        message: `${node.raw} in a pattern of the rule ${context.rule} can only be written as a pattern.`,
        place: `rule ${context.rule}`,
      });
    default: {
      const { characters, strings } = classContents(node, flags);
      context.budget.spend(characters.ranges.length);
      const single = characters.isEmpty ? NOTHING : charactersOfSet(characters);
      if (strings.size === 0) return single;
      const texts = [...strings.values()].map((sets) => joined(sets.map(charactersOfSet)));
      return choiceOf(characters.isEmpty ? texts : [...texts, single]);
    }
  }
}
