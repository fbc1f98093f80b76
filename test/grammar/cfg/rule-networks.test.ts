import * as fc from "fast-check";
import { expect, test } from "vitest";
import { WorkBudget } from "../../../packages/grammar/src/budget/work-budget.ts";
import { nonterminalFacts } from "../../../packages/grammar/src/cfg/nonterminal-facts.ts";
import { Productions } from "../../../packages/grammar/src/cfg/productions.ts";
import { ruleNetworks, type RuleNetworks } from "../../../packages/grammar/src/cfg/rule-networks.ts";
import type { SymbolNetwork } from "../../../packages/grammar/src/cfg/symbol-network.ts";
import { runs } from "../../support/runs.ts";

const LENGTH = 5;

/** Nonterminals are capital letters, of which S is the start, terminals small ones. */
type Rules = Readonly<Record<string, readonly string[]>>;

const NAMES = ["S", "A", "B", "C"];

const randomRules: fc.Arbitrary<Rules> = fc.record(
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      fc.array(
        fc
          .array(fc.constantFrom("x", "y", "S", "A", "B", "C", name), { maxLength: 4 })
          .map((symbols) => symbols.join("")),
        { minLength: 1, maxLength: 4 },
      ),
    ]),
  ),
);

test("networks derive the texts that the productions derive", () => {
  fc.assert(
    fc.property(randomRules, (rules) => {
      const networks = networksOf(rules);
      expect(wordsOfNetworks(networks)).toEqual(wordsOf(rules));
    }),
    { numRuns: runs(400) },
  );
});

test.each<[string, Rules, number]>([
  ["levels of operators", { S: ["S+A", "A"], A: ["A*B", "B"], B: ["-B", "C"], C: ["x", "(S)"] }, 1],
  ["levels of operators, from the right", { S: ["A+S", "A"], A: ["B*A", "B"], B: ["B!", "C"], C: ["x", "(S)"] }, 1],
  ["recursion at both ends", { S: ["S+S", "x"] }, 0],
  ["recursion by way of others", { S: ["Ax", "y"], A: ["By", "x"], B: ["Sx"] }, 0],
  ["recursion inside", { S: ["(S)", "x"] }, 1],
  ["recursion inside, hidden at the end", { S: ["xSA", "y"], A: ["z", ""] }, 1],
])("%s: only what nests is left to refer to", (_, rules, count) => {
  const { networks } = networksOf(rules);
  expect(networks.filter((network) => network !== undefined)).toHaveLength(count);
});

test("levels of operators have a place before an operand and one after it", () => {
  const { networks } = networksOf({ S: ["S+A", "A"], A: ["A*B", "B"], B: ["-B", "C"], C: ["x", "(S)"] });
  const network = networks.find((each) => each !== undefined);
  // Besides these two, that after an opening parenthesis, and that before a closing one.
  expect(network?.edges).toHaveLength(4);
});

function networksOf(rules: Rules): RuleNetworks {
  const budget = new WorkBudget({ name: "maxWork", limit: 1_000_000 });
  const productions = new Productions(10_000, budget);
  const names = Object.keys(rules);
  for (const name of names) productions.addNonterminal(name);
  for (const [left, name] of names.entries()) {
    for (const alternative of rules[name]) {
      productions.add(
        left,
        [...alternative].map((symbol) => (names.includes(symbol) ? names.indexOf(symbol) : ~symbol.codePointAt(0)!)),
      );
    }
  }
  const facts = nonterminalFacts(
    productions,
    Array.from({ length: 128 }, () => 1),
    () => true,
    budget,
  );
  return ruleNetworks(
    productions,
    0,
    {
      isProductive: (symbol) => symbol < 0 || facts.costs[symbol] < Infinity,
      isNullable: (symbol) => symbol >= 0 && facts.isNullable[symbol] === 1,
      isSolid: (symbol) => symbol < 0 || facts.isSolid[symbol] === 1,
    },
    budget,
  );
}

/** The texts of S up to a length, as a least fixed point over the productions. */
function wordsOf(rules: Rules): ReadonlySet<string> {
  const known = new Map(Object.keys(rules).map((name) => [name, new Set<string>()]));
  untilStable(known, () => {
    for (const [name, alternatives] of Object.entries(rules)) {
      for (const alternative of alternatives) {
        let words = [""];
        for (const symbol of alternative) words = joined(words, known.get(symbol) ?? [symbol]);
        for (const word of words) known.get(name)!.add(word);
      }
    }
  });
  return known.get("S")!;
}

/** The same over networks, whose symbols stand for texts that are not empty. */
function wordsOfNetworks({ networks, whole }: RuleNetworks): ReadonlySet<string> {
  const known = new Map<number, Set<string>>();
  for (const left of networks.keys()) known.set(left, new Set());
  known.set(-1, new Set());
  const all: [number, SymbolNetwork][] = [[-1, whole]];
  for (const [left, network] of networks.entries()) if (network !== undefined) all.push([left, network]);
  untilStable(known, () => {
    for (const [left, { edges, isAccepting }] of all) {
      const reached = edges.map((): Set<string> => new Set());
      reached[0].add("");
      untilStable(new Map(reached.entries()), () => {
        for (const [state, leaving] of edges.entries()) {
          for (const { symbol, to } of leaving) {
            const texts =
              symbol < 0 ? [String.fromCodePoint(~symbol)] : [...known.get(symbol)!].filter((text) => text !== "");
            for (const word of joined([...reached[state]], texts)) reached[to].add(word);
          }
        }
      });
      for (const [state, words] of reached.entries()) {
        if (isAccepting[state]) for (const word of words) known.get(left)!.add(word);
      }
    }
  });
  return known.get(-1)!;
}

function joined(words: readonly string[], texts: Iterable<string>): string[] {
  const found: string[] = [];
  for (const text of texts) for (const word of words) if (word.length + text.length <= LENGTH) found.push(word + text);
  return [...new Set(found)];
}

function untilStable(sets: ReadonlyMap<unknown, ReadonlySet<string>>, round: () => void): void {
  const size = (): number => [...sets.values()].reduce((sum, set) => sum + set.size, 0);
  for (let before = -1; before !== size();) {
    before = size();
    round();
  }
}
