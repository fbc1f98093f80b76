import { DEAD, WorkBudget, type State, type TokenId } from "@espalier/grammar";
import type { Random } from "../../sampling/random.ts";
import { OPEN } from "../canvas/canvas-tokens.ts";
import { beamTrellis } from "../trellis/beam-trellis.ts";
import { exactTrellis } from "../trellis/exact-trellis.ts";
import { mostProbable } from "../trellis/most-probable.ts";
import type { PositionScores } from "../trellis/position-scores.ts";
import { SumProduct } from "../trellis/sum-product.ts";
import { TAIL, type TokenGraph } from "../trellis/token-graph.ts";
import { isEmptyTrellis, type Trellis } from "../trellis/trellis.ts";
import { ViableCanvas } from "../viability/viable-canvas.ts";
import type { CanvasState } from "./canvas-state.ts";
import { modelConfidence } from "./model-confidence.ts";
import type { Confidence, Proposal } from "./proposal.ts";

export interface ConstrainedCanvasOptions {
  readonly graph: TokenGraph;
  readonly tokens: Int32Array;
  readonly confidence: "posterior" | "model";
  /** Tokens of an open position in a beam; "all" for exact trellises whatever the vocabulary. */
  readonly candidates: number | "all";
  readonly maxStates: number;
  readonly beamWidth: number;
  readonly maxWork: number;
  /** Draws canvases instead of taking the most probable; `undefined` at temperature 0. */
  readonly random: Random | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Tokens that a beam takes at each open position where the exact trellis would be too large. */
const BEAM_CANDIDATES = 64;
/** States of the automaton after which beams are small: the last resort before its limit. */
const CROWDED_STATES = 1_500_000;
const CROWDED_CANDIDATES = 8;
const CROWDED_WIDTH = 4;

/**
 * A canvas under a constraint, whose proposals are whole valid canvases: the most probable one of the trellis, or a sample. Any
 * part of such a canvas can be committed. The invariant behind "never invalid": there always is a valid canvas, the
 * outlook, that has all committed tokens, and it is on every trellis.
 * @internal
 */
export class ConstrainedCanvas implements CanvasState {
  readonly #options: ConstrainedCanvasOptions;
  readonly #graph: TokenGraph;
  readonly #viable: ViableCanvas;
  /** The exact trellis of the current tokens, where it was made already and is not too large. */
  #structure: Trellis | undefined;
  #isTooLarge = false;
  refusedTokens = 0;
  exactSteps = 0;

  /** @throws UnsatisfiableError, LimitExceededError for an impossible canvas, see {@link ViableCanvas} */
  constructor(options: ConstrainedCanvasOptions) {
    this.#options = options;
    this.#graph = options.graph;
    const { maxStates, signal } = options;
    this.#viable = new ViableCanvas(options.graph, options.tokens, { maxStates, maxWork: options.maxWork, signal });
  }

  get tokens(): Int32Array {
    return this.#viable.tokens;
  }

  get outlook(): Int32Array {
    return this.#viable.witness;
  }

  isEnd(token: TokenId): boolean {
    return this.#graph.eosTokens.includes(token);
  }

  commitForced(end: number): number[] {
    this.#graph.trim();
    this.#structure = this.#exact(this.#windowEnd(end));
    const forced: number[] = [];
    this.#structure?.layers.forEach(({ label }, position) => {
      if (this.tokens[position] !== OPEN) return;
      if (label.some((each) => each !== label[0]) || this.#graph.sets.tokens(label[0]).length > 1) return;
      if (this.#viable.commit(position, this.#graph.sets.tokens(label[0])[0])) forced.push(position);
    });
    return forced;
  }

  propose(scores: PositionScores, end: number): Proposal {
    const windowEnd = this.#windowEnd(end);
    const trellis = this.#structure ?? this.#beam(scores, windowEnd);
    this.#structure = undefined;
    if (trellis.isExact) this.exactSteps++;
    const { random, confidence } = this.#options;
    const sums = random !== undefined || confidence === "posterior" ? new SumProduct(trellis, scores) : undefined;
    const chosen = (random && sums?.sample(random)) ?? mostProbable(trellis, scores)!.tokens;
    const tokens = this.#completed(chosen);
    this.#viable.adoptWitness(tokens);
    const posterior = confidence === "posterior" ? sums : undefined;
    return {
      tokens,
      confidenceAt: (position) =>
        posteriorConfidence(posterior, position, tokens[position]) ??
        modelConfidence(scores, position, tokens[position]),
    };
  }

  commit(position: number, proposal: Proposal): void {
    if (!this.#viable.commit(position, proposal.tokens[position])) {
      throw new Error(`Broken invariant: the proposal for position ${position} is not valid.`);
    }
  }

  /** Where the trellis ends: with the block, unless something is decided behind it, or nothing can end the text. */
  #windowEnd(end: number): number {
    const isOpenBehind = this.tokens.subarray(end).every((token) => token === OPEN);
    return isOpenBehind && this.#graph.eosTokens.length > 0 ? end : this.tokens.length;
  }

  #exact(windowEnd: number): Trellis | undefined {
    const { candidates, maxStates } = this.#options;
    if (candidates !== "all" || this.#isTooLarge) return undefined;
    const trellis = exactTrellis(this.#graph, this.tokens.subarray(0, windowEnd), {
      tokensAfter: this.tokens.length - windowEnd,
      alsoFinal: this.#stateAfter(this.outlook.subarray(0, windowEnd)),
      maxStates,
      budget: this.#budget(),
    });
    this.#isTooLarge = trellis === undefined;
    return trellis;
  }

  #beam(scores: PositionScores, windowEnd: number): Trellis {
    const { candidates, beamWidth, maxStates } = this.#options;
    const isCrowded = this.#graph.automaton.stateCount > CROWDED_STATES;
    const isWide = candidates !== "all" && !this.#isTooLarge;
    const trellis = beamTrellis(this.#graph, this.tokens.subarray(0, windowEnd), {
      scores,
      witness: this.outlook,
      candidates: isCrowded ? CROWDED_CANDIDATES : candidates === "all" ? BEAM_CANDIDATES : candidates,
      width: isCrowded ? CROWDED_WIDTH : isWide ? maxStates : beamWidth,
      tokensAfter: this.tokens.length - windowEnd,
      budget: this.#budget(),
    });
    if (isEmptyTrellis(trellis)) throw new Error("Broken invariant: the witness is not on the beam.");
    return trellis;
  }

  /** `tokens` with what follows them to the end of the canvas. */
  #completed(tokens: Int32Array): Int32Array {
    const { length } = this.tokens;
    if (tokens.length === length) return tokens;
    const state = this.#stateAfter(tokens);
    const known = this.outlook.subarray(0, tokens.length);
    const completed = Int32Array.from(this.outlook);
    completed.set(tokens);
    if (this.#stateAfter(known) === state) return completed;
    const rest = this.#graph.isFinal(state) ? [] : [...this.#graph.paths.witness(state)!];
    if (state !== TAIL && tokens.length + rest.length < length) rest.push(this.#graph.eosTokens[0]);
    while (tokens.length + rest.length < length) rest.push(this.#graph.paddingTokens[0]);
    completed.set(rest, tokens.length);
    return completed;
  }

  #stateAfter(tokens: Int32Array): State {
    let state: State = this.#graph.start;
    for (const token of tokens) {
      state = this.#graph.after(state, token);
      if (state === DEAD) return DEAD;
    }
    return state;
  }

  #budget(): WorkBudget {
    const { maxWork: limit, signal } = this.#options;
    return new WorkBudget({ name: "maxWork", limit, signal, place: "canvas" });
  }
}

function posteriorConfidence(sums: SumProduct | undefined, position: number, token: TokenId): Confidence | undefined {
  const marginals = sums?.marginals(position);
  if (marginals === undefined) return undefined;
  let probability = 0;
  let other = 0;
  marginals.tokens.forEach((each, index) => {
    if (each === token) probability = marginals.probabilities[index];
    else other = Math.max(other, marginals.probabilities[index]);
  });
  return { probability: Math.min(1, probability), gap: Math.log(probability) - Math.log(other) };
}
