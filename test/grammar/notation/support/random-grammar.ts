import type { Expression, Grammar, GrammarRule } from "@espalier/grammar";
import * as fc from "fast-check";

/** What a notation has words for. */
export interface GrammarFeatures {
  readonly lexed: boolean;
  readonly tokens: boolean;
  readonly negatedTokens: boolean;
  readonly differences: boolean;
}

const texts = fc.string({ unit: fc.constantFrom(..."ab\"'\\\n\t\0^-[]/#{}é😀\u2028 "), minLength: 1, maxLength: 4 });
const ranges = fc
  .uniqueArray(fc.constantFrom(0x0a, 0x22, 0x2d, 0x41, 0x5b, 0x5c, 0x5d, 0x5e, 0x61, 0x7a, 0xe9, 0x2028, 0x1_f600), {
    minLength: 1,
    maxLength: 5,
  })
  .map((points) => {
    const sorted = points.sort((a, b) => a - b);
    const made: [number, number][] = [];
    for (let i = 0; i < sorted.length; i += 2) made.push([sorted[i], sorted[Math.min(i + 1, sorted.length - 1)]]);
    // Neighbours would be joined.
    return made.filter(([low], index) => index === 0 || made[index - 1][1] + 1 < low);
  });
const counts: fc.Arbitrary<{ min: number; max?: number }> = fc.constantFrom(
  { min: 0 },
  { min: 1 },
  { min: 0, max: 1 },
  { min: 2, max: 2 },
  { min: 2, max: 5 },
  { min: 3 },
  { min: 0, max: 4 },
);

const RULES = ["root", "item", "long-name", "x1"];
const TERMINALS = ["WORD", "_SPACE"];

/** Random grammars in the normal form that readers make: no sequence in a sequence, no choice in a choice. */
export function randomGrammars(features: GrammarFeatures): fc.Arbitrary<Grammar> {
  const rules = features.lexed ? ["start", "item", "_sep", "x1"] : RULES;
  const terminals = features.lexed ? TERMINALS : [];
  const rule = (name: string): fc.Arbitrary<GrammarRule> =>
    expressions(features, [...rules, ...terminals], []).map((expression) => ({ name, expression }));
  const terminal = (name: string, index: number): fc.Arbitrary<GrammarRule> =>
    fc
      .tuple(expressions(features, terminals.slice(0, index), REGEXES), fc.constantFrom(0, 2, -1))
      .map(([expression, priority]) => ({
        name,
        expression,
        isTerminal: true,
        ...(priority === 0 ? {} : { priority }),
      }));
  return fc.tuple(...rules.map(rule), ...terminals.map(terminal)).map((list) => ({
    start: rules[0],
    rules: new Map(list.map((each) => [each.name, each])),
    ...(features.lexed ? { lexing: { ignored: ["_SPACE"] } } : {}),
  }));
}

const REGEXES: Expression[] = ["a+?b", "(?:ab|c)*d", String.raw`\p{Nd}+`, String.raw`[^\n]*`].map((source) => ({
  kind: "regex",
  source,
  flags: "u",
}));

function expressions(
  features: GrammarFeatures,
  names: readonly string[],
  regexes: readonly Expression[],
): fc.Arbitrary<Expression> {
  const leaves: fc.Arbitrary<Expression>[] = [
    texts.map((text): Expression => ({ kind: "literal", text })),
    fc.tuple(ranges, fc.boolean()).map(([list, negated]): Expression => {
      const base = { kind: "characters" as const, ranges: list };
      return negated ? { ...base, negated } : base;
    }),
    fc.constant<Expression>({ kind: "characters", ranges: [], negated: true }),
  ];
  if (names.length > 0)
    leaves.push(fc.constantFrom(...names).map((name): Expression => ({ kind: "reference", rule: name })));
  const inTerminal = regexes.length > 0;
  if (inTerminal) leaves.push(fc.constantFrom(...regexes));
  if (features.tokens && !inTerminal) {
    leaves.push(
      fc.constantFrom<Expression>(
        { kind: "token", token: "<think>" },
        { kind: "token", token: 1000 },
        { kind: "token", token: 12, negated: true },
      ),
    );
    if (features.negatedTokens) leaves.push(fc.constant<Expression>({ kind: "token", token: "<x>", negated: true }));
  }
  if (features.lexed) leaves.push(texts.map((text): Expression => ({ kind: "literal", text, ignoreCase: true })));
  const { tree } = fc.letrec<{ tree: Expression }>((tie) => {
    const part = tie("tree");
    const branches: fc.Arbitrary<Expression>[] = [
      fc.array(part, { minLength: 2, maxLength: 3 }).map((items) => sequence(items)),
      fc.array(part, { minLength: 2, maxLength: 3 }).map((alternatives) => choice(alternatives)),
      fc.array(part, { minLength: 1, maxLength: 2 }).map((rest) => choice([...rest, { kind: "empty" }])),
      fc
        .tuple(part, counts)
        .map(([item, each]): Expression => (item.kind === "empty" ? item : { kind: "repeat", item, ...each })),
    ];
    if (features.differences && (!features.lexed || inTerminal)) {
      // What is taken away is regular, so it does not refer to rules.
      branches.push(
        fc
          .tuple(part, texts)
          .map(([item, text]): Expression => ({ kind: "except", item, without: { kind: "literal", text } })),
      );
    }
    return { tree: fc.oneof({ maxDepth: 3, depthSize: "small" }, fc.oneof(...leaves), ...branches) };
  });
  return tree;
}

function sequence(items: readonly Expression[]): Expression {
  const flat = items.flatMap((each) => (each.kind === "sequence" ? each.items : each.kind === "empty" ? [] : [each]));
  return flat.length === 0 ? { kind: "empty" } : flat.length === 1 ? flat[0] : { kind: "sequence", items: flat };
}

function choice(alternatives: readonly Expression[]): Expression {
  const flat = alternatives.flatMap((each) => (each.kind === "choice" ? each.alternatives : [each]));
  return flat.length === 1 ? flat[0] : { kind: "choice", alternatives: flat };
}
