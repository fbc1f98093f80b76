import { DEAD, type State, type TokenId } from "@espalier/grammar";
import { OPEN } from "../canvas/canvas-tokens.ts";
import { TAIL, type TokenGraph } from "../trellis/token-graph.ts";

/**
 * The canvas that follows, from each committed token on, the known way to the end of the text, if that is valid: a witness that
 * costs one look at each position, which is enough for empty canvases and for those that are decided from the left.
 * @internal
 */
export function alongKnownWay(graph: TokenGraph, canvas: Int32Array): Int32Array | undefined {
  const tokens = canvas.slice();
  let state: State = graph.start;
  let way: readonly TokenId[] | undefined;
  let taken = 0;
  for (let position = 0; position < tokens.length; position++) {
    if (tokens[position] === OPEN) {
      if (way === undefined) {
        way = state === TAIL || graph.isFinal(state) ? [] : graph.paths.witness(state);
        taken = 0;
      }
      if (way === undefined) return undefined;
      const next = way[taken] ?? (state === TAIL ? graph.paddingTokens[0] : graph.eosTokens[0]);
      if (next === undefined) return undefined;
      taken++;
      tokens[position] = next;
    } else {
      way = undefined;
    }
    state = graph.after(state, tokens[position]);
    if (state === DEAD) return undefined;
  }
  return graph.isFinal(state) ? tokens : undefined;
}
