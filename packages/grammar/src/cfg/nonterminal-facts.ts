import type { WorkBudget } from "../budget/work-budget.ts";
import type { Nonterminal, Productions } from "./productions.ts";
import type { Label } from "./terminal-table.ts";

/** What every nonterminal can derive, as least fixed points. */
export interface NonterminalFacts {
  /** By nonterminal: the bytes of a shortest text; Infinity when it derives none. */
  readonly costs: Float64Array;
  /** By nonterminal: the number of an alternative with a shortest text. */
  readonly bestAlternative: Int32Array;
  /** By nonterminal: 1 when it derives the empty text. */
  readonly isNullable: Uint8Array;
  /** By nonterminal: 1 when it derives a text that is not empty. */
  readonly isSolid: Uint8Array;
}

/** @param labelCosts by label: bytes of its shortest text (0 where the empty one is a member); Infinity for none */
export function nonterminalFacts(
  productions: Productions,
  labelCosts: readonly number[],
  isSolidLabel: (label: Label) => boolean,
  budget: WorkBudget,
): NonterminalFacts {
  const count = productions.names.length;
  const users = usersOf(productions);
  const costs = new Float64Array(count).fill(Infinity);
  const bestAlternative = new Int32Array(count).fill(-1);
  const costOf = (symbol: number): number => (symbol < 0 ? labelCosts[~symbol] : costs[symbol]);
  // Costs only fall, and cycles cost nothing or more, so that each nonterminal settles after finitely many rounds.
  settle(count, users, budget, (left) => {
    let changed = false;
    for (const [index, symbols] of productions.alternatives[left].entries()) {
      budget.spend(symbols.length);
      let cost = 0;
      for (const symbol of symbols) cost += costOf(symbol);
      if (cost < costs[left]) {
        costs[left] = cost;
        bestAlternative[left] = index;
        changed = true;
      }
    }
    return changed;
  });
  const isNullable = Uint8Array.from(costs, (cost) => (cost === 0 ? 1 : 0));
  const isSolid = new Uint8Array(count);
  settle(count, users, budget, (left) => {
    if (isSolid[left] === 1) return false;
    for (const symbols of productions.alternatives[left]) {
      budget.spend(symbols.length);
      if (!symbols.every((symbol) => costOf(symbol) < Infinity)) continue;
      if (!symbols.some((symbol) => (symbol < 0 ? isSolidLabel(~symbol) : isSolid[symbol] === 1))) continue;
      isSolid[left] = 1;
      return true;
    }
    return false;
  });
  return { costs, bestAlternative, isNullable, isSolid };
}

function usersOf(productions: Productions): Nonterminal[][] {
  const users: Nonterminal[][] = productions.names.map(() => []);
  for (const [left, alternatives] of productions.alternatives.entries()) {
    const used = new Set(alternatives.flat().filter((symbol) => symbol >= 0));
    for (const symbol of used) users[symbol].push(left);
  }
  return users;
}

/** Calls `update` for every nonterminal, and again for the users of those that it says have changed. */
function settle(
  count: number,
  users: readonly (readonly Nonterminal[])[],
  budget: WorkBudget,
  update: (left: Nonterminal) => boolean,
): void {
  const queue = Array.from({ length: count }, (_, left) => left);
  const isQueued = new Uint8Array(count).fill(1);
  for (let at = 0; at < queue.length; at++) {
    budget.spend();
    const left = queue[at];
    isQueued[left] = 0;
    if (!update(left)) continue;
    for (const user of users[left]) {
      if (isQueued[user] === 1) continue;
      isQueued[user] = 1;
      queue.push(user);
    }
  }
}
