import { DEAD, type State, type TokenId, type WorkBudget } from "@espalier/grammar";
import type { TokenGraph } from "../trellis/token-graph.ts";
import type { CanvasSlot } from "./canvas-part.ts";

/** Places that the search in breadth visits before it goes on in depth, unless told otherwise. */
const DEFAULT_BREADTH = 5_000;

export interface SlotSearchOptions {
  readonly budget: WorkBudget;
  /** Places that are visited in breadth; 0 when any witness will do, and the places are known to be many. @defaultValue 5,000 */
  readonly breadth?: number | undefined;
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
 * finitely many and few; then in depth, each place once, what is close to an end first. The first is a proof both ways within
 * its bound, the second until the budget ends.
 * @throws LimitExceededError by the budget, when neither an answer nor the end of the search is reached
 * @internal
 */
export function searchSlots(
  graph: TokenGraph,
  slots: readonly CanvasSlot[],
  options: SlotSearchOptions,
): TokenId[] | undefined {
  const { budget, breadth = DEFAULT_BREADTH } = options;
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
  while (frontier.length > 0 && visited < breadth) {
    const next: Place[] = [];
    for (const place of frontier) {
      visited++;
      if (isGoal(place)) return tokensTo(place);
      expand(graph, slots, place, budget, (successor) => {
        if (isNew(successor)) next.push(successor);
      });
    }
    frontier = next;
  }
  // In depth, from where the breadth ended. The last successor is visited first.
  const stack = frontier.reverse();
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
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
  const { targets, sets } = graph.edges(place.state);
  budget.spend(targets.length);
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
