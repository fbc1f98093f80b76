import type { WorkBudget } from "../budget/work-budget.ts";
import { IntTripleTable } from "../automaton/int-triple-table.ts";
import type { ProductionSymbol } from "./productions.ts";
import type { NetworkEdge, NetworkState, SymbolNetwork } from "./symbol-network.ts";

const START: NetworkState = 0;
const FINAL: NetworkState = 1;

/**
 * A network while it is put together: with steps that read nothing, and one final state. Nothing leads back to the start and nothing
 * goes on from the final state until {@link cutEndRecursion}.
 */
export class NetworkFragment {
  readonly #budget: WorkBudget;
  readonly #chains: IntTripleTable;
  readonly #edges: NetworkEdge[][] = [[], []];
  readonly #skips: NetworkState[][] = [[], []];
  #edgeCount = 0;

  /** @param chains may be one for many fragments, which then need not have one each */
  constructor(budget: WorkBudget, chains: IntTripleTable = new IntTripleTable()) {
    this.#budget = budget;
    this.#chains = chains;
  }

  get edgeCount(): number {
    return this.#edgeCount;
  }

  get stateCount(): number {
    return this.#edges.length;
  }

  get start(): NetworkState {
    return START;
  }

  get final(): NetworkState {
    return FINAL;
  }

  addState(): NetworkState {
    this.#skips.push([]);
    return this.#edges.push([]) - 1;
  }

  addEdge(from: NetworkState, symbol: ProductionSymbol, to: NetworkState): void {
    this.#edges[from].push({ symbol, to });
    this.#edgeCount++;
    this.#budget.spend();
  }

  /** A step that reads nothing. */
  addSkip(from: NetworkState, to: NetworkState): void {
    if (from !== to) this.#skips[from].push(to);
  }

  /** A copy of a network between two states. */
  addNetwork(from: NetworkState, { edges, isAccepting }: SymbolNetwork, to: NetworkState): void {
    const base = this.stateCount;
    for (let state = 0; state < edges.length; state++) this.addState();
    this.addSkip(from, base);
    for (const [state, leaving] of edges.entries()) {
      for (const edge of leaving) this.addEdge(base + state, edge.symbol, base + edge.to);
      if (isAccepting[state]) this.addSkip(base + state, to);
    }
  }

  /**
   * Turns edges over `left`, the nonterminal that this is of, into loops, where nothing is read before them or nothing after.
   *
   * With `A: A α | γ A | A δ A | β` (each a set of symbol sequences) the texts of A are X (δ X)* with X = γ* β α*. Those are the ways from the
   * start to the final state where α leads from the final state to itself, γ from the start to itself, δ from the final state to
   * the start. An A between other things stays as it is.
   */
  cutEndRecursion(left: ProductionSymbol): void {
    if (!this.#edges.some((leaving) => leaving.some(({ symbol }) => symbol === left))) return;
    const isFirst = this.#apart(START, this.#skips, this.#reversed(this.#skips), this.#hasEntry());
    const isLast = this.#apart(
      FINAL,
      this.#reversed(this.#skips),
      this.#skips,
      this.#edges.map((leaving) => leaving.length > 0),
    );
    for (const [from, leaving] of this.#edges.entries()) {
      if (!leaving.some(({ symbol }) => symbol === left)) continue;
      this.#edges[from] = leaving.filter(({ symbol, to }) => {
        if (symbol !== left || !(isFirst[from] || isLast[to])) return true;
        if (!isLast[to]) this.addSkip(FINAL, to);
        else if (!isFirst[from]) this.addSkip(from, START);
        return false;
      });
    }
  }

  /** By state: whether nothing but steps that read nothing, from states of which that is true, connects it with `root`. */
  #apart(
    root: NetworkState,
    away: readonly (readonly NetworkState[])[],
    back: readonly (readonly NetworkState[])[],
    hasEdges: readonly boolean[],
  ): boolean[] {
    const isApart = this.#edges.map(() => false);
    const reached = [root];
    isApart[root] = true;
    for (const state of reached) {
      for (const next of away[state]) {
        if (isApart[next]) continue;
        isApart[next] = true;
        reached.push(next);
      }
    }
    const queue = reached.filter((state) => hasEdges[state] || back[state].some((other) => !isApart[other]));
    for (const state of queue) isApart[state] = false;
    for (const state of queue) {
      for (const next of away[state]) {
        if (!isApart[next]) continue;
        isApart[next] = false;
        queue.push(next);
      }
    }
    this.#budget.spend(reached.length);
    return isApart;
  }

  #hasEntry(): boolean[] {
    const hasEntry = this.#edges.map(() => false);
    for (const leaving of this.#edges) for (const { to } of leaving) hasEntry[to] = true;
    return hasEntry;
  }

  #reversed(steps: readonly (readonly NetworkState[])[]): NetworkState[][] {
    const reversed = steps.map((): NetworkState[] => []);
    for (const [from, states] of steps.entries()) for (const to of states) reversed[to].push(from);
    return reversed;
  }

  /** The same with one edge for each state and symbol; undefined where that takes more than `maxStates` states. */
  determinized(maxStates: number): SymbolNetwork | undefined {
    const sets = new StateSets(this.#skips, this.#budget, this.#chains);
    sets.numberOf([START]);
    const edges: NetworkEdge[][] = [];
    for (const set of sets.all) {
      if (sets.all.length > maxStates) return undefined;
      edges.push(this.#leaving(set, sets));
    }
    return { edges, isAccepting: sets.all.map((set) => set.includes(FINAL)) };
  }

  #leaving(set: readonly NetworkState[], sets: StateSets): NetworkEdge[] {
    if (set.length === 1) {
      const single = this.#edges[set[0]];
      if (single.length === 1) return [{ symbol: single[0].symbol, to: sets.numberOf([single[0].to]) }];
    }
    const targets = new Map<ProductionSymbol, NetworkState[]>();
    for (const state of set) {
      for (const { symbol, to } of this.#edges[state]) {
        const known = targets.get(symbol);
        if (known === undefined) targets.set(symbol, [to]);
        else if (known.at(-1) !== to) known.push(to);
      }
    }
    const leaving: NetworkEdge[] = [];
    for (const [symbol, states] of targets) leaving.push({ symbol, to: sets.numberOf(states) });
    for (let i = 1; i < leaving.length; i++) {
      if (leaving[i - 1].symbol > leaving[i].symbol) return leaving.sort((a, b) => a.symbol - b.symbol);
    }
    return leaving;
  }

  /** The same without steps that read nothing. */
  withoutSkips(): SymbolNetwork {
    const sets = new StateSets(this.#skips, this.#budget, this.#chains);
    const states = this.#edges.map((_, state) => sets.closure(state));
    const edges = states.map((set) => set.flatMap((state) => this.#edges[state]).sort((a, b) => a.symbol - b.symbol));
    return { edges, isAccepting: states.map((set) => set.includes(FINAL)) };
  }
}

/** Sets of states, each with what steps that read nothing lead to, by content. */
class StateSets {
  /** Ascending, by number. */
  readonly all: (readonly NetworkState[])[] = [];
  readonly #skips: readonly (readonly NetworkState[])[];
  readonly #budget: WorkBudget;
  readonly #closures: (readonly NetworkState[])[] = [];
  /** Of sets as chains of their states. */
  readonly #chains: IntTripleTable;
  /** By chain. */
  readonly #numbers = new Map<number, number>();
  /** By state: the number of its closure. Most symbols lead from a set to one state. */
  readonly #numberOfState: (number | undefined)[] = [];

  constructor(skips: readonly (readonly NetworkState[])[], budget: WorkBudget, chains: IntTripleTable) {
    this.#skips = skips;
    this.#budget = budget;
    this.#chains = chains;
  }

  /** Ascending. */
  closure(state: NetworkState): readonly NetworkState[] {
    let closure = this.#closures[state];
    if (closure !== undefined) return closure;
    if (this.#skips[state].length === 0) {
      closure = [state];
    } else {
      const found = new Set([state]);
      for (const each of found) for (const next of this.#skips[each]) found.add(next);
      closure = [...found].sort(ascending);
    }
    this.#budget.spend(closure.length);
    return (this.#closures[state] = closure);
  }

  /** The number of what some states lead to without reading anything: 0, 1, 2, … */
  numberOf(states: readonly NetworkState[]): number {
    if (states.length === 1) return (this.#numberOfState[states[0]] ??= this.#intern(this.closure(states[0])));
    const joined = new Set<NetworkState>();
    for (const state of states) for (const each of this.closure(state)) joined.add(each);
    return this.#intern([...joined].sort(ascending));
  }

  #intern(set: readonly NetworkState[]): number {
    this.#budget.spend(set.length + 1);
    let chain = 0;
    for (const state of set) chain = this.#chains.intern(chain, state, 0);
    let number = this.#numbers.get(chain);
    if (number === undefined) {
      number = this.all.push(set) - 1;
      this.#numbers.set(chain, number);
    }
    return number;
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}
