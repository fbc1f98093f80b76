import { WorkBudget, type Constraint, type TokenId } from "@espalier/grammar";
import { tokenGraphOf } from "../trellis/token-graph-of.ts";
import { slotsOf, type CanvasPart } from "./canvas-part.ts";
import { searchSlots } from "./search-slots.ts";

export interface FillHolesOptions {
  /** Steps that the search may take. @defaultValue 2,000,000 */
  readonly maxWork?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether a canvas with holes can be completed, and how: the tokens of a text of the language that has the decided tokens in
 * this order and fills each hole within its bounds, or `undefined` when there is none. Several regions to fill in are several
 * holes. The text ends where the last part does; a shortest one is returned where the search in breadth finds it. Whether the intersection
 * of the language with the canvas is empty is decided as by Mündler et al. ("Constrained Decoding of Diffusion LLMs with Context-Free Grammars",
 * 2025), here for any automaton with a stack.
 *
 * @example
 * fillHoles(constraint, [{ tokens: [open] }, { hole: {} }, { tokens: [comma] }, { hole: { maxTokens: 3 } }]);
 *
 * @throws InvalidInputError for holes whose bounds contradict each other
 * @throws LimitExceededError (`maxWork`) when the search can neither find nor exclude one. Context-free languages with open-ended holes are
 *   decided; what may not be: schemas whose unnamed keys, which must differ, alone say no; grammars whose texts are cut into terminals, where
 *   none of the texts found is cut as it was meant
 * @throws AbortedError when the signal has fired
 */
export function fillHoles(
  constraint: Constraint,
  parts: readonly CanvasPart[],
  options: FillHolesOptions = {},
): TokenId[] | undefined {
  const graph = tokenGraphOf(constraint, { eosTokens: [], paddingTokens: [] });
  graph.trim();
  const budget = new WorkBudget({ name: "maxWork", limit: options.maxWork ?? 2_000_000, signal: options.signal });
  return searchSlots(graph, slotsOf(parts, constraint.vocabulary.size), { budget, signal: options.signal });
}
