import type { WorkBudget } from "../budget/work-budget.ts";
import type { Nonterminal, ProductionSymbol } from "./productions.ts";
import type { RuleNetworks } from "./rule-networks.ts";
import type { SymbolNetwork } from "./symbol-network.ts";
import type { Label } from "./terminal-table.ts";

/** A place in the network of a nonterminal: the states of all networks, numbered one after the other. */
export type Place = number;

/** A network that a symbol begins: that of `left`, which goes on at `to`. */
export interface LeftUse {
  readonly left: Nonterminal;
  readonly to: Place;
}

const NO_PLACES: readonly Place[] = [];

/** The networks of a grammar as flat tables. A symbol stands for a text that is not empty. */
export class NetworkTables {
  readonly nonterminalCount: number;
  /** By place: the nonterminal that the network is of; -1 for the whole text. */
  readonly lefts: Int32Array;
  /** By place: 1 where the nonterminal may be complete. */
  readonly completes: Uint8Array;
  /** By place: 1 where something may follow in the network, or the end of the text. */
  readonly goesOn: Uint8Array;
  /** By place: 1 where the text may end. */
  readonly mayEnd: Uint8Array;
  /** By place: bytes of a shortest text that completes the nonterminal. */
  readonly costs: Float64Array;
  /** By place: the nonterminals that may come next. */
  readonly nonterminals: readonly (readonly Nonterminal[])[] = [];
  /** By place: the terminals that may come next, without those with which nonterminals begin. */
  readonly labels: readonly (readonly Label[])[] = [];
  /** By nonterminal: where its network begins; -1 where nothing refers to it. */
  readonly starts: Int32Array;
  /** By nonterminal: the networks that it begins. */
  readonly leftUses: readonly (readonly LeftUse[])[];
  readonly leftUsesOfLabel: readonly (readonly LeftUse[])[];
  /** Where the whole text begins. */
  readonly start: Place;
  readonly #names: readonly string[];
  readonly #targets: Map<ProductionSymbol, readonly Place[]>[] = [];
  /** By place: the first symbol of a shortest text that is not empty. */
  readonly #cheapest: Int32Array;

  /**
   * @param names by nonterminal
   * @param labelCosts by label: bytes of its shortest text that is not empty
   */
  constructor(
    { networks, whole }: RuleNetworks,
    names: readonly string[],
    labelCosts: readonly number[],
    budget: WorkBudget,
  ) {
    this.#names = names;
    this.nonterminalCount = networks.length;
    this.starts = new Int32Array(networks.length).fill(-1);
    const all: (readonly [Nonterminal, SymbolNetwork])[] = [];
    for (const [left, network] of networks.entries()) if (network !== undefined) all.push([left, network]);
    all.push([-1, whole]);
    const count = all.reduce((sum, [, { edges }]) => sum + edges.length, 0);
    this.lefts = new Int32Array(count);
    this.completes = new Uint8Array(count);
    this.goesOn = new Uint8Array(count);
    this.mayEnd = new Uint8Array(count);
    const nonterminals: (readonly Nonterminal[])[] = [];
    const labels: (readonly Label[])[] = [];
    const leftUses = networks.map((): LeftUse[] => []);
    const leftUsesOfLabel = labelCosts.map((): LeftUse[] => []);
    let base = 0;
    for (const [left, { edges, isAccepting }] of all) {
      if (left >= 0) this.starts[left] = base;
      for (const [state, leaving] of edges.entries()) {
        const place = base + state;
        budget.spend(leaving.length + 1);
        this.lefts[place] = left;
        if (isAccepting[state]) (left < 0 ? this.mayEnd : this.completes)[place] = 1;
        this.goesOn[place] = leaving.length > 0 || this.mayEnd[place] === 1 ? 1 : 0;
        const targets = new Map<ProductionSymbol, Place[]>();
        for (const { symbol, to } of leaving) {
          const known = targets.get(symbol);
          if (known === undefined) targets.set(symbol, [base + to]);
          else known.push(base + to);
          // What the whole text begins with is begun nowhere else.
          if (state > 0 || left < 0) continue;
          (symbol < 0 ? leftUsesOfLabel[~symbol] : leftUses[symbol]).push({ left, to: base + to });
        }
        this.#targets.push(targets);
        const symbols = [...targets.keys()];
        nonterminals.push(symbols.filter((symbol) => symbol >= 0));
        labels.push(symbols.filter((symbol) => symbol < 0).map((symbol) => ~symbol));
      }
      base += edges.length;
    }
    this.start = this.lefts.indexOf(-1);
    this.nonterminals = nonterminals;
    this.labels = labels;
    this.leftUses = leftUses;
    this.leftUsesOfLabel = leftUsesOfLabel;
    this.costs = Float64Array.from(this.completes, (complete, place) =>
      complete + this.mayEnd[place] > 0 ? 0 : Infinity,
    );
    this.#cheapest = new Int32Array(count);
    this.#settleCosts(labelCosts, budget);
  }

  /** Where the network goes on after a symbol. */
  after(place: Place, symbol: ProductionSymbol): readonly Place[] {
    return this.#targets[place].get(symbol) ?? NO_PLACES;
  }

  /** The first terminal of a shortest text that is not empty. */
  cheapestLabel(from: Place): Label {
    let place = from;
    for (;;) {
      const symbol = this.#cheapest[place];
      if (symbol < 0) return ~symbol;
      place = this.starts[symbol];
    }
  }

  nameOf(place: Place): string {
    return this.lefts[place] < 0 ? "end" : this.#names[this.lefts[place]];
  }

  /** Costs only fall, and each round settles those whose shortest texts are next in length of derivation. */
  #settleCosts(labelCosts: readonly number[], budget: WorkBudget): void {
    /** By place: bytes of a shortest text that is not empty. */
    const solidCosts = new Float64Array(this.costs.length).fill(Infinity);
    for (let changed = true; changed;) {
      changed = false;
      for (let place = this.costs.length - 1; place >= 0; place--) {
        budget.spend(this.#targets[place].size);
        for (const [symbol, targets] of this.#targets[place]) {
          const own = symbol < 0 ? labelCosts[~symbol] : solidCosts[this.starts[symbol]];
          for (const to of targets) {
            const cost = own + this.costs[to];
            if (cost >= solidCosts[place]) continue;
            solidCosts[place] = cost;
            this.#cheapest[place] = symbol;
            if (cost < this.costs[place]) this.costs[place] = cost;
            changed = true;
          }
        }
      }
    }
  }
}
