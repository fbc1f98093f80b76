import { InvalidInputError, type TokenId } from "@espalier/grammar";
import type { Random } from "../../sampling/random.ts";
import { OPEN } from "../canvas/canvas-tokens.ts";
import type { PositionScores } from "../trellis/position-scores.ts";
import type { TokenGraph } from "../trellis/token-graph.ts";
import { topTokens } from "../trellis/top-tokens.ts";
import { ViableCanvas } from "../viability/viable-canvas.ts";
import type { CanvasState } from "./canvas-state.ts";
import { modelConfidence } from "./model-confidence.ts";
import type { Proposal } from "./proposal.ts";

export interface ViabilityCanvasOptions {
  readonly graph: TokenGraph;
  readonly tokens: Int32Array;
  readonly maxStates: number;
  readonly maxWork: number;
  readonly random: Random | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Tokens that are tried at a position before the one of the witness is taken. */
const MAX_TRIES = 5;

/**
 * A canvas under a constraint whose positions get their likeliest token each by itself, as Mündler et al. do: a token after which
 * nothing valid is possible is refused, and the next best is tried; at last, the token of a canvas that is known to be valid.
 * @internal
 */
export class ViabilityCanvas implements CanvasState {
  readonly #graph: TokenGraph;
  readonly #viable: ViableCanvas;
  readonly exactSteps = 0;
  refusedTokens = 0;

  /** @throws UnsatisfiableError, LimitExceededError for an impossible canvas, see {@link ViableCanvas} */
  constructor(options: ViabilityCanvasOptions) {
    const { graph, tokens, maxStates, maxWork, signal, random } = options;
    if (random !== undefined) {
      throw new InvalidInputError({
        message: 'The temperature must be 0 with proposals "viability", which take the likeliest tokens.',
        place: "temperature",
        hint: 'Sample with proposals "trellis".',
      });
    }
    this.#graph = graph;
    this.#viable = new ViableCanvas(graph, tokens, { maxStates, maxWork, signal });
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

  commitForced(): number[] {
    this.#graph.trim();
    return [];
  }

  propose(scores: PositionScores): Proposal {
    const tokens = this.tokens.map((token, position) =>
      token === OPEN ? topTokens(scores.rows[position]!, 1)[0] : token,
    );
    return { tokens, confidenceAt: (position) => modelConfidence(scores, position, tokens[position]) };
  }

  commit(position: number, proposal: Proposal, scores: PositionScores): void {
    if (this.#viable.commit(position, proposal.tokens[position])) return;
    this.refusedTokens++;
    const row = scores.rows[position]!;
    const others = topTokens(row, MAX_TRIES).sort((a, b) => row[b] - row[a]);
    for (const token of others) {
      if (token === proposal.tokens[position]) continue;
      if (this.#viable.commit(position, token)) return;
      this.refusedTokens++;
    }
    this.#viable.commit(position, this.#viable.witness[position]);
  }
}
