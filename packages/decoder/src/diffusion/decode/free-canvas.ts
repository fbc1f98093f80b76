import type { TokenId } from "@espalier/grammar";
import type { Random } from "../../sampling/random.ts";
import { OPEN } from "../canvas/canvas-tokens.ts";
import type { PositionScores } from "../trellis/position-scores.ts";
import type { CanvasState } from "./canvas-state.ts";
import { modelConfidence } from "./model-confidence.ts";
import type { Proposal } from "./proposal.ts";

export interface FreeCanvasOptions {
  readonly tokens: Int32Array;
  readonly eosTokens: readonly TokenId[];
  readonly paddingToken: TokenId;
  /** Draws tokens instead of taking the likeliest; `undefined` at temperature 0. */
  readonly random: Random | undefined;
}

/** A canvas without a constraint: each position gets its likeliest token, or a draw. @internal */
export class FreeCanvas implements CanvasState {
  readonly tokens: Int32Array;
  readonly refusedTokens = 0;
  readonly exactSteps = 0;
  outlook: Int32Array;
  readonly #options: FreeCanvasOptions;

  constructor(options: FreeCanvasOptions) {
    this.#options = options;
    this.tokens = options.tokens.slice();
    this.outlook = this.tokens.map((token) => (token === OPEN ? options.paddingToken : token));
  }

  isEnd(token: TokenId): boolean {
    return this.#options.eosTokens.includes(token);
  }

  commitForced(): number[] {
    return [];
  }

  propose(scores: PositionScores): Proposal {
    const tokens = this.tokens.map((token, position) => (token === OPEN ? this.#choose(scores, position) : token));
    this.outlook = tokens;
    return { tokens, confidenceAt: (position) => modelConfidence(scores, position, tokens[position]) };
  }

  commit(position: number, proposal: Proposal): void {
    this.tokens[position] = proposal.tokens[position];
  }

  #choose(scores: PositionScores, position: number): TokenId {
    const { random } = this.#options;
    if (random === undefined) {
      const row = scores.rows[position]!;
      let best = 0;
      for (let token = 1; token < row.length; token++) if (row[token] > row[best]) best = token;
      return best;
    }
    const exponentials = scores.exponentials(position);
    let left = random.nextFloat64() * exponentials.reduce((sum, each) => sum + each, 0);
    let chosen = 0;
    for (let token = 0; token < exponentials.length; token++) {
      if (exponentials[token] === 0) continue;
      chosen = token;
      left -= exponentials[token];
      if (left < 0) break;
    }
    return chosen;
  }
}
