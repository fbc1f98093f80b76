import { IntTripleTable } from "../automaton/int-triple-table.ts";
import type { WorkBudget } from "../budget/work-budget.ts";
import { minimalNetwork } from "./minimal-network.ts";
import { NetworkFragment } from "./network-fragment.ts";
import type { Nonterminal, Productions, ProductionSymbol } from "./productions.ts";
import { edgeCount, type SymbolNetwork } from "./symbol-network.ts";

/** What symbols can derive. */
export interface SymbolFacts {
  readonly isProductive: (symbol: ProductionSymbol) => boolean;
  readonly isNullable: (symbol: ProductionSymbol) => boolean;
  /** Whether it derives a text that is not empty. */
  readonly isSolid: (symbol: ProductionSymbol) => boolean;
}

export interface RuleNetworks {
  /** By nonterminal: its network, where another one refers to it. */
  readonly networks: readonly (SymbolNetwork | undefined)[];
  /** The start symbol alone. */
  readonly whole: SymbolNetwork;
}

/** Larger networks are put in the place of a nonterminal only where it is used once. */
const MAX_COPIED_EDGES = 64;
/** Where more would be put together, nonterminals stay as they are. */
const MAX_EDGES = 1_024;
/** Edges that are copied in all: far more than a programming language takes, and little work. */
const MAX_COPIES = 50_000;
/** States that are made so that no state has two edges with one symbol. */
const MAX_STATES = 256;

/**
 * The productions of a grammar as networks, of which there are as few as can be: nonterminals are replaced by what they consist of, and their
 * recursion at either end by loops, until only what nests is left to refer to. The twelve levels of operators of a programming
 * language become one network of a few states, so that a parser has one place to be in and not twelve.
 *
 * Sequences of terminals that the grammar derives stay the same; how they nest does not.
 */
export function ruleNetworks(
  productions: Productions,
  start: Nonterminal,
  facts: SymbolFacts,
  budget: WorkBudget,
): RuleNetworks {
  const networks: (SymbolNetwork | undefined)[] = [];
  const inlined = new Set<Nonterminal>();
  const { order, uses } = calleesFirst(productions, start, facts, budget);
  const copies = { left: MAX_COPIES };
  const keys = new IntTripleTable();
  const make = (left: Nonterminal): void => {
    const network = assembled(left, productions.alternatives[left], { networks, inlined, facts, copies, keys, budget });
    networks[left] = network;
    const refersToItself = network.edges.some((leaving) => leaving.some(({ symbol }) => symbol === left));
    if (!refersToItself && (uses[left] === 1 || edgeCount(network) <= MAX_COPIED_EDGES)) inlined.add(left);
  };
  for (const left of order) make(left);
  const whole = assembled(undefined, [[start]], { networks, inlined, facts, copies, keys, budget });
  return { networks: referredTo(networks, whole), whole };
}

interface Assembly {
  readonly networks: readonly (SymbolNetwork | undefined)[];
  readonly inlined: ReadonlySet<Nonterminal>;
  readonly facts: SymbolFacts;
  readonly copies: { left: number };
  /** Of sets of states and of classes of them, in all networks. */
  readonly keys: IntTripleTable;
  readonly budget: WorkBudget;
}

function assembled(
  left: Nonterminal | undefined,
  alternatives: readonly (readonly ProductionSymbol[])[],
  assembly: Assembly,
): SymbolNetwork {
  const { keys, budget } = assembly;
  const fragment = joined(alternatives, assembly, assembly.inlined);
  if (left !== undefined) fragment.cutEndRecursion(left);
  const network = fragment.determinized(MAX_STATES);
  if (network !== undefined) return minimalNetwork(network, budget, keys);
  const plain = joined(alternatives, assembly, new Set());
  return plain.determinized(plain.stateCount + MAX_STATES) ?? plain.withoutSkips();
}

function joined(
  alternatives: readonly (readonly ProductionSymbol[])[],
  { networks, facts, copies, keys, budget }: Assembly,
  inlined: ReadonlySet<Nonterminal>,
): NetworkFragment {
  const fragment = new NetworkFragment(budget, keys);
  for (const alternative of alternatives) {
    if (!alternative.every((symbol) => facts.isProductive(symbol))) continue;
    const symbols = alternative.filter((symbol) => facts.isSolid(symbol));
    let from = fragment.start;
    if (symbols.length === 0) fragment.addSkip(from, fragment.final);
    for (const [index, symbol] of symbols.entries()) {
      const to = index === symbols.length - 1 ? fragment.final : fragment.addState();
      const network = inlined.has(symbol) ? networks[symbol] : undefined;
      const size = network === undefined ? 0 : edgeCount(network);
      if (network !== undefined && size <= copies.left && fragment.edgeCount + size <= MAX_EDGES) {
        fragment.addNetwork(from, network, to);
        copies.left -= size;
      } else {
        fragment.addEdge(from, symbol, to);
        if (facts.isNullable(symbol)) fragment.addSkip(from, to);
      }
      from = to;
    }
  }
  return fragment;
}

/** The nonterminals that are reached, each after those that it refers to unless these lead back to it; and how often each is referred to. */
function calleesFirst(
  productions: Productions,
  start: Nonterminal,
  { isProductive, isSolid }: SymbolFacts,
  budget: WorkBudget,
): { readonly order: readonly Nonterminal[]; readonly uses: readonly number[] } {
  const order: Nonterminal[] = [];
  const uses = productions.names.map(() => 0);
  const calleesOf = (left: Nonterminal): Nonterminal[] => {
    const callees: Nonterminal[] = [];
    for (const alternative of productions.alternatives[left]) {
      budget.spend(alternative.length + 1);
      if (!alternative.every(isProductive)) continue;
      for (const symbol of alternative) if (symbol >= 0 && isSolid(symbol)) callees.push(symbol);
    }
    return callees;
  };
  const path: { readonly left: Nonterminal; readonly callees: readonly Nonterminal[]; next: number }[] = [];
  const visit = (left: Nonterminal): void => {
    if (uses[left]++ === 0) path.push({ left, callees: calleesOf(left), next: 0 });
  };
  if (isProductive(start)) visit(start);
  for (let place = path.at(-1); place !== undefined; place = path.at(-1)) {
    if (place.next < place.callees.length) {
      visit(place.callees[place.next++]);
      continue;
    }
    order.push(place.left);
    path.pop();
  }
  return { order, uses };
}

function referredTo(
  networks: readonly (SymbolNetwork | undefined)[],
  whole: SymbolNetwork,
): (SymbolNetwork | undefined)[] {
  const found: (SymbolNetwork | undefined)[] = networks.map(() => undefined);
  const queue = [whole];
  for (const { edges } of queue) {
    for (const leaving of edges) {
      for (const { symbol } of leaving) {
        if (symbol < 0 || found[symbol] !== undefined) continue;
        found[symbol] = networks[symbol]!;
        queue.push(found[symbol]);
      }
    }
  }
  return found;
}
