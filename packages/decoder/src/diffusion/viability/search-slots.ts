import { DEAD, type State, type TokenId, type WorkBudget } from "@espalier/grammar";
import type { TokenGraph } from "../trellis/token-graph.ts";
import type { CanvasSlot } from "./canvas-part.ts";
import { chartSlots } from "./chart-slots.ts";
import { withinShare } from "./within-share.ts";

/** Places that the search in breadth visits before it goes on by other means, unless told otherwise. */
const DEFAULT_BREADTH = 5_000;
/** Of the steps that a search has left, what breadth, chart and (where it comes before the chart) depth may take. */
const BREADTH_SHARE = 0.25;
const CHART_SHARE = 0.5;
const DEPTH_SHARE = 0.5;

export interface SlotSearchOptions {
  readonly budget: WorkBudget;
  /**
   * Places that are visited in breadth; 0 when any witness will do, and the places are known to be many. Depth then comes before
   * the chart. @defaultValue 5,000
   */
  readonly breadth?: number | undefined;
  /** Looked at while the chart is made; the budget looks at its own. */
  readonly signal?: AbortSignal | undefined;
}

/** Where a search stands: before the slot `slot`, of which (a hole) `used` tokens are taken, in `state`. */
interface Place {
  readonly slot: number;
  readonly used: number;
  readonly state: State;
  readonly from: Place | undefined;
  /** The token that led here; `undefined` when a hole was left. */
  readonly token: TokenId | undefined;
}

/**
 * Tokens for a list of decided tokens and holes, with which the text is in the language; `undefined` when there are none.
 *
 * First in breadth over (place, state), each visited once, which finds a shortest witness and is exact where the places are
 * finitely many and few. Then by a chart ({@link chartSlots}), which is exact however deep texts nest. Last, where the chart cannot tell
 * or grows too large, in depth, each place once, what is close to an end first. Each is a proof both ways within its share of the budget.
 * @throws LimitExceededError by the budget, when neither an answer nor the end of the search is reached
 * @internal
 */
export function searchSlots(
  graph: TokenGraph,
  slots: readonly CanvasSlot[],
  options: SlotSearchOptions,
): TokenId[] | undefined {
  const { budget, breadth = DEFAULT_BREADTH, signal } = options;
  const start: Place = { slot: 0, used: 0, state: graph.start, from: undefined, token: undefined };
  const seen = new Map<State, Set<number>>();
  // A place as one number beside its state. How often an open-ended hole was used does not matter once that is often enough.
  const slotKeys: number[] = [0];
  for (const { minTokens, maxTokens } of slots) {
    slotKeys.push(slotKeys.at(-1)! + 1 + (maxTokens === Infinity ? minTokens : maxTokens));
  }
  const isNew = ({ slot, used, state }: Place): boolean => {
    let places = seen.get(state);
    if (places === undefined) seen.set(state, (places = new Set()));
    const before = places.size;
    places.add(slotKeys[slot] + used);
    return places.size > before;
  };
  const isGoal = ({ slot, state }: Place): boolean => slot === slots.length && graph.isFinal(state);
  let visited = 0;
  let frontier = [start];
  isNew(start);
  const most = budget.spent + BREADTH_SHARE * (budget.limit - budget.spent);
  const isBroadEnough = (): boolean => visited >= breadth || budget.spent > most;
  while (frontier.length > 0 && !isBroadEnough()) {
    const next: Place[] = [];
    for (const place of frontier) {
      if (isBroadEnough()) {
        next.push(place);
        continue;
      }
      visited++;
      if (isGoal(place)) return tokensTo(place);
      expand(graph, slots, place, budget, (successor) => {
        if (isNew(successor)) next.push(successor);
      });
    }
    frontier = next;
  }
  if (frontier.length === 0) return undefined;
  // In depth, from where the breadth ended. The last successor is visited first.
  const stack = frontier.reverse();
  const patience = breadth === 0 ? budget.spent + DEPTH_SHARE * (budget.limit - budget.spent) : -1;
  let isChartAsked = false;
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    if (!isChartAsked && budget.spent > patience) {
      isChartAsked = true;
      const answer = withinShare(budget, CHART_SHARE, signal, (own) =>
        chartSlots(graph, slots, { budget: own, signal }),
      );
      if (answer !== undefined && answer !== "unknown") return answer.tokens;
    }
    if (isGoal(place)) return tokensTo(place);
    const successors: Place[] = [];
    expand(graph, slots, place, budget, (successor) => {
      if (isNew(successor)) successors.push(successor);
    });
    for (const successor of byPromise(graph, place, successors)) stack.push(successor);
  }
  return undefined;
}

function expand(
  graph: TokenGraph,
  slots: readonly CanvasSlot[],
  place: Place,
  budget: WorkBudget,
  found: (successor: Place) => void,
): void {
  budget.spend();
  if (place.slot === slots.length) return;
  const { token, minTokens, maxTokens } = slots[place.slot];
  if (token !== undefined) {
    const state = graph.after(place.state, token);
    if (state !== DEAD) found({ slot: place.slot + 1, used: 0, state, from: place, token });
    return;
  }
  if (place.used >= minTokens) {
    found({ slot: place.slot + 1, used: 0, state: place.state, from: place, token: undefined });
  }
  if (place.used >= maxTokens) return;
  const used = maxTokens === Infinity ? Math.min(place.used + 1, minTokens) : place.used + 1;
  const stateCount = graph.automaton.stateCount;
  const { targets, sets } = graph.edges(place.state);
  budget.spend(targets.length + graph.automaton.stateCount - stateCount);
  for (let edge = 0; edge < targets.length; edge++) {
    found({ slot: place.slot, used, state: targets[edge], from: place, token: graph.sets.tokens(sets[edge])[0] });
  }
}

/** The most promising last: the end of the hole, then staying in the same state, then the way to the end of the text. */
function byPromise(graph: TokenGraph, place: Place, successors: readonly Place[]): Place[] {
  const completing = place.state > DEAD ? graph.paths.witness(place.state)?.[0] : undefined;
  const toEnd = completing === undefined ? DEAD : graph.after(place.state, completing);
  const rank = (successor: Place): number => {
    if (successor.token === undefined) return 3;
    if (successor.state === place.state) return 2;
    return successor.state === toEnd ? 1 : 0;
  };
  return successors.toSorted((a, b) => rank(a) - rank(b));
}

function tokensTo(place: Place): TokenId[] {
  const tokens: TokenId[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.from)
    if (at.token !== undefined) tokens.push(at.token);
  return tokens.reverse();
}
