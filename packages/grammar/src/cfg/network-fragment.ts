import type { WorkBudget } from "../budget/work-budget.ts";
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
  readonly #edges: NetworkEdge[][] = [[], []];
  readonly #skips: NetworkState[][] = [[], []];
  #edgeCount = 0;

  constructor(budget: WorkBudget) {
    this.#budget = budget;
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
    const closures = this.#closures();
    const numbers = new Map<string, NetworkState>();
    const sets: (readonly NetworkState[])[] = [];
    const numberOf = (states: Iterable<NetworkState>): NetworkState => {
      const set = [...new Set(states)].sort((a, b) => a - b);
      this.#budget.spend(set.length + 1);
      const key = set.join(",");
      let number = numbers.get(key);
      if (number === undefined) {
        numbers.set(key, (number = sets.length));
        sets.push(set);
      }
      return number;
    };
    /** By state: the number of its closure. Most symbols lead from a set to one state. */
    const numberOfState: (NetworkState | undefined)[] = [];
    const numberOfTargets = (targets: readonly NetworkState[]): NetworkState =>
      targets.length === 1
        ? (numberOfState[targets[0]] ??= numberOf(closures(targets[0])))
        : numberOf(targets.flatMap(closures));
    numberOfTargets([START]);
    const edges: NetworkEdge[][] = [];
    for (const set of sets) {
      if (sets.length > maxStates) return undefined;
      const targets = new Map<ProductionSymbol, NetworkState[]>();
      for (const state of set) {
        for (const { symbol, to } of this.#edges[state]) {
          const known = targets.get(symbol);
          if (known === undefined) targets.set(symbol, [to]);
          else if (known.at(-1) !== to) known.push(to);
        }
      }
      const leaving = [...targets].map(([symbol, states]) => ({ symbol, to: numberOfTargets(states) }));
      edges.push(leaving.sort((a, b) => a.symbol - b.symbol));
    }
    return { edges, isAccepting: sets.map((set) => set.includes(FINAL)) };
  }

  /** The same without steps that read nothing. */
  withoutSkips(): SymbolNetwork {
    const closures = this.#closures();
    const states = this.#edges.map((_, state) => closures(state));
    const edges = states.map((set) => set.flatMap((state) => this.#edges[state]).sort((a, b) => a.symbol - b.symbol));
    return { edges, isAccepting: states.map((set) => set.includes(FINAL)) };
  }

  #closures(): (state: NetworkState) => readonly NetworkState[] {
    const known: NetworkState[][] = [];
    return (state) => {
      if (known[state] !== undefined) return known[state];
      const found = new Set([state]);
      for (const each of found) for (const next of this.#skips[each]) found.add(next);
      this.#budget.spend(found.size);
      return (known[state] = [...found]);
    };
  }
}
