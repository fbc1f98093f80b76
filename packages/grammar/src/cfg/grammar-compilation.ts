import { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { WorkBudget } from "../budget/work-budget.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { TermArena } from "../regex/term-arena.ts";
import { withAlikeTerminalsJoined } from "./alike-terminals.ts";
import { checkGrammar } from "./check-expression.ts";
import { withBarriers } from "./end-assertions.ts";
import type { GrammarOptions } from "./grammar-language.ts";
import { GrammarMachine } from "./grammar-machine.ts";
import type { GrammarReport } from "./grammar-report.ts";
import type { Grammar, ReferenceExpression } from "./grammar.ts";
import { guestsCanBeLeft } from "./guest-check.ts";
import { LexicalSets } from "./lexical-sets.ts";
import { checkLexing } from "./lexing-check.ts";
import { Lowering } from "./lower-grammar.ts";
import { type NonterminalFacts, nonterminalFacts } from "./nonterminal-facts.ts";
import { NetworkTables } from "./network-tables.ts";
import { ParseRows } from "./parse-rows.ts";
import { ParseTables } from "./parse-tables.ts";
import { Productions, type ProductionSymbol } from "./productions.ts";
import { collectReferences, RegularParts } from "./regular-parts.ts";
import { ruleNetworks, type SymbolFacts } from "./rule-networks.ts";
import { workOutIntersections } from "./regular-intersection.ts";
import { TerminalOrder } from "./terminal-order.ts";
import { TerminalTable } from "./terminal-table.ts";

/** Levels of nested expressions that a call stack of ordinary size allows; only named in errors. */
const MAX_NESTING = 1_000;

/** From a grammar to its automaton, once. */
export class GrammarCompilation {
  readonly automaton: PushdownAutomaton;
  readonly machine: GrammarMachine;
  readonly report: GrammarReport;

  constructor(grammar: Grammar, options: GrammarOptions) {
    const budget = new WorkBudget({ name: "maxWork", limit: options.maxWork ?? 20_000_000, signal: options.signal });
    checkGrammar(grammar, budget);
    const arena = new TermArena({ maxTerms: options.maxTerms ?? 4_000_000 });
    if (!grammar.rules.has(grammar.start)) {
      throw new InvalidInputError({
        message: `The start rule "${grammar.start}" is not defined.`,
        place: `rule ${grammar.start}`,
      });
    }
    try {
      const made = arena.within(budget, () => compile(grammar, options, arena, budget));
      this.machine = made.machine;
      this.report = made.report;
      this.automaton = new PushdownAutomaton(made.machine, made.isEmpty ? 0 : made.machine.startFrame);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LimitExceededError({
        message: "The expressions of the grammar nest deeper than the call stack allows.",
        limit: "maxNesting",
        allowed: MAX_NESTING,
        cause: error,
      });
    }
  }
}

function compile(
  written: Grammar,
  options: GrammarOptions,
  arena: TermArena,
  budget: WorkBudget,
): { machine: GrammarMachine; report: GrammarReport; isEmpty: boolean } {
  const { grammar, barriers } =
    written.lexing === undefined ? { grammar: written, barriers: new Map() } : withBarriers(written, budget);
  const regular = new RegularParts(grammar, { arena, budget, vocabulary: options.vocabulary });
  const terminals = new TerminalTable(arena);
  const productions = new Productions(options.maxSymbols ?? 2_000_000, budget);
  const lowering = new Lowering(grammar, { arena, regular, terminals, productions, barriers, budget });
  const start = lowering.run();
  workOutIntersections(lowering.intersections, { arena, terminals, productions, budget });
  const ignored = new Set((grammar.lexing?.ignored ?? []).map((name) => lowering.labelOfRule(name)));
  const order = grammar.lexing === undefined ? undefined : new TerminalOrder(terminals, ignored);

  const labels = Array.from({ length: terminals.count }, (_, label) => label);
  const isSolid = labels.map((label) => terminals.isProductive(label));
  const costs = labels.map((label) =>
    terminals.at(label).isNullable ? 0 : isSolid[label] ? terminals.shortest(label).length : Infinity,
  );
  const facts = nonterminalFacts(productions, costs, (label) => isSolid[label], budget);
  const tables = new ParseTables(productions, start, facts, costs, (label) => isSolid[label], budget);
  const sets = new LexicalSets(terminals, order);
  sets.follow = tables.followBytes((label) => sets.firstBytes(label), budget);
  const isLexedWell = order === undefined || checkLexing({ tables, sets, terminals, order, budget });
  // Where texts are cut into terminals first, automata have been looked into with all others.
  let hasNoDeadEnds = order === undefined ? undefined : isLexedWell;
  let networks = ruleNetworks(productions, start, symbolFacts(terminals, facts, isSolid), budget);
  if (order !== undefined) {
    networks = withAlikeTerminalsJoined(networks, { terminals, ignored, follow: sets.follow, budget });
  }
  const solidCosts = Array.from({ length: terminals.count }, (_, label) =>
    terminals.isProductive(label) ? terminals.shortest(label).length : Infinity,
  );
  const places = new NetworkTables(networks, productions.names, solidCosts, budget);
  const rows = new ParseRows(places, options.maxThreads ?? 20_000_000, (steps) => arena.spend(steps));
  const machine = new GrammarMachine({
    arena,
    start,
    productions,
    terminals,
    rows,
    sets,
    order,
    maxFrames: options.maxFrames ?? 1_000_000,
    maxWorkPerStep: options.maxWorkPerByte ?? 20_000_000,
  });

  const reached = reachedRules(grammar, budget);
  const report: GrammarReport = {
    unreachable: [...grammar.rules.keys()].filter((name) => !reached.has(name)),
    ...verdicts(grammar, reached, lowering, regular, arena, facts),
    productions: productions.alternatives.reduce((sum, alternatives) => sum + alternatives.length, 0),
    terminals: labels.filter((label) => !terminals.isBarrier(label)).length,
    // Automata are only looked into when someone asks.
    get hasNoDeadEnds() {
      if (hasNoDeadEnds === undefined) {
        const own = new WorkBudget({ name: "maxWork", limit: budget.limit });
        hasNoDeadEnds = arena.within(own, () => guestsCanBeLeft({ tables, sets, terminals, ignored, budget: own }));
      }
      return hasNoDeadEnds;
    },
  };
  return { machine, report, isEmpty: facts.costs[start] === Infinity };
}

function symbolFacts(terminals: TerminalTable, facts: NonterminalFacts, isSolid: readonly boolean[]): SymbolFacts {
  const isNullable = (symbol: ProductionSymbol): boolean =>
    symbol < 0 ? terminals.at(~symbol).isNullable : facts.isNullable[symbol] === 1;
  return {
    isNullable,
    isProductive: (symbol) => (symbol < 0 ? isSolid[~symbol] || isNullable(symbol) : facts.costs[symbol] < Infinity),
    isSolid: (symbol) => (symbol < 0 ? isSolid[~symbol] : facts.isSolid[symbol] === 1),
  };
}

function verdicts(
  grammar: Grammar,
  reached: ReadonlySet<string>,
  lowering: Lowering,
  regular: RegularParts,
  arena: TermArena,
  facts: ReturnType<typeof nonterminalFacts>,
): Pick<GrammarReport, "unproductive" | "empty"> {
  const unproductive: string[] = [];
  const empty: string[] = [];
  for (const name of grammar.rules.keys()) {
    if (!reached.has(name)) continue;
    const nonterminal = lowering.nonterminalOf(name);
    if (nonterminal !== undefined) {
      if (facts.costs[nonterminal] === Infinity) unproductive.push(name);
      else if (facts.isSolid[nonterminal] === 0) empty.push(name);
      continue;
    }
    const reference = { kind: "reference", rule: name } as const;
    if (!regular.isRegular(reference)) continue;
    const term = regular.term(reference);
    if (arena.isEmpty(term)) unproductive.push(name);
    else if (arena.maxLength(term) === 0) empty.push(name);
  }
  return { unproductive, empty };
}

/** The rules that the start rule and what is ignored lead to. */
function reachedRules(grammar: Grammar, budget: WorkBudget): Set<string> {
  const reached = new Set([grammar.start, ...(grammar.lexing?.ignored ?? [])]);
  for (const name of reached) {
    const references: ReferenceExpression[] = [];
    collectReferences(grammar.rules.get(name)!.expression, references, budget);
    for (const { rule } of references) reached.add(rule);
  }
  return reached;
}
