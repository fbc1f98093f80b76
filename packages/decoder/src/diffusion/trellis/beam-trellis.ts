import { DEAD, type State, type TokenId, type WorkBudget } from "@espalier/grammar";
import { OPEN } from "../canvas/canvas-tokens.ts";
import { canEnd } from "./exact-trellis.ts";
import { IntList } from "./int-list.ts";
import type { PositionScores } from "./position-scores.ts";
import { StateIndex } from "./state-index.ts";
import type { TokenGraph } from "./token-graph.ts";
import { topTokens } from "./top-tokens.ts";
import type { Trellis, TrellisLayer } from "./trellis.ts";
import { trimTrellis } from "./trim-trellis.ts";

export interface BeamTrellisOptions {
  readonly scores: PositionScores;
  /**
   * A valid canvas with the same committed tokens. Its path is on the trellis whatever it costs, so that the trellis is never empty
   * and its best canvas is at least as probable as this one.
   */
  readonly witness: Int32Array;
  /** The likeliest tokens that each open position may take. @defaultValue 64 */
  readonly candidates?: number | undefined;
  /** States that a layer may keep. @defaultValue 256 */
  readonly width?: number | undefined;
  /** Tokens that may follow the canvas: see `exactTrellis`. @defaultValue 0 */
  readonly tokensAfter?: number | undefined;
  /** What each edge takes one step of. */
  readonly budget: WorkBudget;
}

export const DEFAULT_CANDIDATES = 64;
export const DEFAULT_BEAM_WIDTH = 256;
/** States of a layer where the beam has added too many to the automaton: the last resort before its limit. */
const NARROW_WIDTH = 4;

/**
 * A part of the trellis of a canvas, for large vocabularies and for languages without a bound on their states. Of each open position
 * it holds the likeliest tokens, the end and padding tokens, and for each state the token with which its known way to the end
 * begins (one completing token an edge); of each layer the states with the most probable beginnings. What is on it is valid;
 * what is best on it need not be the best there is.
 *
 * Complexity: O(positions × width × candidates) token steps, whatever the vocabulary.
 */
export function beamTrellis(graph: TokenGraph, canvas: Int32Array, options: BeamTrellisOptions): Trellis {
  const { scores, witness, tokensAfter = 0, budget } = options;
  const { candidates = DEFAULT_CANDIDATES, width: wanted = DEFAULT_BEAM_WIDTH } = options;
  const isTooMuch = graph.explorationLimit();
  let width = wanted;
  const index = new StateIndex();
  const nodes: Int32Array[] = [Int32Array.of(graph.start)];
  const layers: TrellisLayer[] = [];
  const from = new IntList();
  const to = new IntList();
  const label = new IntList();
  let best = new Float64Array(1);
  let onWitness: State = graph.start;
  for (let position = 0; position < canvas.length; position++) {
    index.begin();
    for (const list of [from, to, label]) list.clear();
    const token = canvas[position];
    const isOpen = token === OPEN;
    const listed = isOpen ? listedTokens(graph, scores.rows[position], candidates) : [token];
    const listedSet = new Set(listed);
    const states = nodes[position];
    const follow = (node: number, next: TokenId): void => {
      const target = graph.after(states[node], next);
      if (target === DEAD) return;
      from.push(node);
      to.push(index.nodeOf(target));
      label.push(~next);
    };
    for (let node = 0; node < states.length; node++) {
      budget.spend(listed.length + 1);
      for (const next of listed) follow(node, next);
      if (!isOpen) continue;
      const completing = states[node] > DEAD ? graph.paths.witness(states[node])?.[0] : undefined;
      const witnessing = states[node] === onWitness ? witness[position] : undefined;
      if (completing !== undefined && !listedSet.has(completing)) follow(node, completing);
      if (witnessing !== undefined && witnessing !== completing && !listedSet.has(witnessing)) follow(node, witnessing);
    }
    onWitness = graph.after(onWitness, witness[position]);
    const reached = index.states.toArray();
    const scored = new Float64Array(reached.length).fill(-Infinity);
    for (let edge = 0; edge < label.length; edge++) {
      const value = best[from.at(edge)] + scores.preference(position, ~label.at(edge));
      if (value > scored[to.at(edge)]) scored[to.at(edge)] = value;
    }
    if (isTooMuch()) width = Math.min(width, NARROW_WIDTH);
    const tokensLeft = canvas.length - position - 1 + tokensAfter;
    const kept = keptNodes(reached, scored, width, onWitness, (state) => graph.cost(state) <= tokensLeft);
    layers.push(layerOf(from, to, label, kept.number));
    nodes.push(kept.nodes.length === reached.length ? reached : Int32Array.from(kept.nodes, (node) => reached[node]));
    best = Float64Array.from(kept.nodes, (node) => scored[node]);
  }
  const isEnd = (state: State): boolean => state === onWitness || canEnd(graph, state, tokensAfter);
  const trimmed = trimTrellis(nodes, layers, isEnd);
  return { graph, ...trimmed, isExact: false };
}

/** The likeliest tokens of a position, with the end and padding tokens; ascending. */
function listedTokens(graph: TokenGraph, row: Float32Array | undefined, count: number): TokenId[] {
  const best = row === undefined ? [] : topTokens(row, count);
  return [...new Set([...best, ...graph.eosTokens, ...graph.paddingTokens])].sort((a, b) => a - b);
}

/** The nodes that stay, ascending, and for each node its new number plus one, or 0. */
function keptNodes(
  states: Int32Array,
  scored: Float64Array,
  width: number,
  always: State,
  canFinish: (state: State) => boolean,
): { nodes: Int32Array; number: Int32Array } {
  let nodes = Int32Array.from(states, (_, node) => node);
  if (nodes.length > width) {
    const byScore = nodes.toSorted((a, b) => scored[b] - scored[a] || a - b);
    const chosen: number[] = [states.indexOf(always)];
    // What is known to fit what is left of the canvas goes first; what may not, is not worth a place.
    for (let i = 0; i < byScore.length && chosen.length < width; i++) {
      if (states[byScore[i]] !== always && canFinish(states[byScore[i]])) chosen.push(byScore[i]);
    }
    nodes = Int32Array.from(chosen).sort();
  }
  const number = new Int32Array(states.length);
  nodes.forEach((node, i) => (number[node] = i + 1));
  return { nodes, number };
}

function layerOf(from: IntList, to: IntList, label: IntList, number: Int32Array): TrellisLayer {
  const layer = { from: new IntList(), to: new IntList(), label: new IntList() };
  for (let edge = 0; edge < label.length; edge++) {
    const target = number[to.at(edge)];
    if (target === 0) continue;
    layer.from.push(from.at(edge));
    layer.to.push(target - 1);
    layer.label.push(label.at(edge));
  }
  return { from: layer.from.toArray(), to: layer.to.toArray(), label: layer.label.toArray() };
}
