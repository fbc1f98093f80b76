import { InvalidInputError, WorkBudget, type Constraint, type TokenId } from "@espalier/grammar";
import type { Random } from "../../sampling/random.ts";
import { OPEN } from "../canvas/canvas-tokens.ts";
import { ViableCanvas } from "../viability/viable-canvas.ts";
import { beamTrellis, DEFAULT_BEAM_WIDTH } from "./beam-trellis.ts";
import { DEFAULT_MAX_STATES, exactTrellis } from "./exact-trellis.ts";
import { mostProbable, type ScoredCanvas } from "./most-probable.ts";
import { PositionScores } from "./position-scores.ts";
import { SumProduct, type TokenMarginals } from "./sum-product.ts";
import { tokenGraphOf } from "./token-graph-of.ts";
import { countEdges, type Trellis } from "./trellis.ts";

export interface CanvasDistributionOptions {
  readonly constraint: Constraint;
  /** Committed tokens, `undefined` where the canvas is open. */
  readonly canvas: readonly (TokenId | undefined)[];
  /** For each position of the canvas, the model's logits; those of committed positions are not looked at. */
  readonly logits: readonly (Float32Array | undefined)[];
  /** What logits are divided by; above 0. @defaultValue 1 */
  readonly temperature?: number | undefined;
  /** What stands behind the end token. @defaultValue the constraint's end tokens */
  readonly paddingTokens?: readonly TokenId[] | undefined;
  /** The likeliest tokens of each open position to take; "all" for exact answers. @defaultValue "all" */
  readonly candidates?: number | "all" | undefined;
  /** States that a layer may have; with more, the distribution is that of a beam. @defaultValue 1024 */
  readonly maxStates?: number | undefined;
  /** @defaultValue 256 */
  readonly beamWidth?: number | undefined;
  /** @defaultValue 20,000,000 */
  readonly maxWork?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A model's factorised distribution over a canvas (each open position by itself, as masked-diffusion models give it), conditioned
 * on a constraint: the most probable valid canvas, exact samples, the mass of the valid canvases, and the distribution of each
 * position. The same is a linear-chain conditional random field whose transitions are the constraint.
 *
 * @throws InvalidInputError when there are not as many rows of logits as positions
 * @throws UnsatisfiableError, LimitExceededError (`canvasLength`) for an impossible canvas
 *
 * Complexity: O(positions × edges + positions × tokens of different edge sets).
 */
export class CanvasDistribution {
  readonly #scores: PositionScores;
  readonly #trellis: Trellis;
  #sums: SumProduct | undefined;

  constructor(options: CanvasDistributionOptions) {
    const { constraint, logits, signal, temperature, candidates = "all" } = options;
    const { maxStates = DEFAULT_MAX_STATES, beamWidth = DEFAULT_BEAM_WIDTH, maxWork: limit = 20_000_000 } = options;
    const canvas = Int32Array.from(options.canvas, (token) => token ?? OPEN);
    const missing = canvas.findIndex((token, position) => token === OPEN && logits[position] === undefined);
    if (logits.length !== canvas.length || missing >= 0) {
      throw new InvalidInputError({
        message: `The canvas has ${canvas.length} positions, and there are logits for ${logits.length}${missing >= 0 ? `, but none at the open position ${missing}` : ""}.`,
        place: "logits",
      });
    }
    const { eosTokens } = constraint.vocabulary;
    const graph = tokenGraphOf(constraint, { eosTokens, paddingTokens: options.paddingTokens ?? eosTokens });
    graph.trim();
    const budget = new WorkBudget({ name: "maxWork", limit, signal, place: "canvas" });
    this.#scores = new PositionScores(
      logits.map((row, position) => (canvas[position] === OPEN ? row : undefined)),
      temperature,
    );
    const { witness } = new ViableCanvas(graph, canvas, { maxStates, maxWork: limit, signal });
    const exact = candidates === "all" ? exactTrellis(graph, canvas, { maxStates, budget }) : undefined;
    this.#trellis =
      exact ??
      beamTrellis(graph, canvas, {
        scores: this.#scores,
        witness,
        candidates: candidates === "all" ? undefined : candidates,
        width: candidates === "all" ? beamWidth : maxStates,
        budget,
      });
  }

  /** True when every valid canvas counts; false for a beam. */
  get isExact(): boolean {
    return this.#trellis.isExact;
  }

  /** Edges of the trellis: what the work is proportional to. */
  get edgeCount(): number {
    return countEdges(this.#trellis);
  }

  /** log of the probability that a canvas drawn from the model alone is valid. */
  get logMass(): number {
    return this.#sumProduct().logMass;
  }

  mostProbable(): ScoredCanvas {
    return mostProbable(this.#trellis, this.#scores)!;
  }

  /** A canvas, drawn from the conditional distribution; `undefined` when the model gives all valid ones probability zero. */
  sample(random: Random): Int32Array | undefined {
    return this.#sumProduct().sample(random);
  }

  /** The distribution of the token at `position`; `undefined` as for {@link sample}. */
  marginals(position: number): TokenMarginals | undefined {
    return this.#sumProduct().marginals(position);
  }

  #sumProduct(): SumProduct {
    return (this.#sums ??= new SumProduct(this.#trellis, this.#scores));
  }
}
