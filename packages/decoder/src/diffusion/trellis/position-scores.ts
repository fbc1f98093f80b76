import type { TokenId } from "@espalier/grammar";
import { sumExponentials } from "./sum-exponentials.ts";

/** What a logit of -Infinity counts as where a most probable canvas must be found although all are impossible. */
const IMPOSSIBLE = -1e6;

/**
 * The model's distribution over each open position of a canvas: independent of each other, as masked-diffusion models give them.
 * A position without logits is committed: its token has probability 1.
 */
export class PositionScores {
  readonly rows: readonly (Float32Array | undefined)[];
  /** What logits are divided by. */
  readonly temperature: number;
  /** The greatest logit of each position. */
  readonly maximum: Float64Array;
  /** log Σ exp((logit - maximum) / temperature) of each position; 0 where there are no logits. */
  readonly logNormalizer: Float64Array;
  readonly #exponentials: (Float64Array | undefined)[] = [];

  /** @param temperature above 0; see `mostProbable` for the limit 0 @defaultValue 1 */
  constructor(rows: readonly (Float32Array | undefined)[], temperature = 1) {
    this.rows = rows;
    this.temperature = temperature;
    this.maximum = new Float64Array(rows.length);
    this.logNormalizer = new Float64Array(rows.length);
    rows.forEach((row, position) => {
      if (row === undefined) return;
      let maximum = -Infinity;
      for (let token = 0; token < row.length; token++) if (row[token] > maximum) maximum = row[token];
      this.maximum[position] = maximum;
      this.logNormalizer[position] = Math.log(sumExponentials(row, maximum, temperature));
    });
  }

  get length(): number {
    return this.rows.length;
  }

  /** log of the probability of `token`; 0 at committed positions. */
  logProbability(position: number, token: TokenId): number {
    const row = this.rows[position];
    if (row === undefined) return 0;
    return (row[token] - this.maximum[position]) / this.temperature - this.logNormalizer[position];
  }

  /** As {@link logProbability}, but finite: what is impossible is very unlikely. */
  preference(position: number, token: TokenId): number {
    return Math.max(this.logProbability(position, token), IMPOSSIBLE);
  }

  /** The likeliest of some tokens, the first of the list among equals. */
  bestOf(position: number, tokens: Int32Array): TokenId {
    const row = this.rows[position];
    let best = tokens[0];
    if (row === undefined) return best;
    for (let i = 1; i < tokens.length; i++) if (row[tokens[i]] > row[best]) best = tokens[i];
    return best;
  }

  /** exp((logit - maximum) / temperature) of every token; computed on first use. */
  exponentials(position: number): Float64Array {
    let exponentials = this.#exponentials[position];
    if (exponentials === undefined) {
      const row = this.rows[position]!;
      exponentials = new Float64Array(row.length);
      for (let token = 0; token < row.length; token++) {
        exponentials[token] = Math.exp((row[token] - this.maximum[position]) / this.temperature);
      }
      this.#exponentials[position] = exponentials;
    }
    return exponentials;
  }

  /** log of the probability of some tokens together; -Infinity when all are impossible. */
  logMass(position: number, tokens: Int32Array): number {
    if (this.rows[position] === undefined) return 0;
    const exponentials = this.exponentials(position);
    let sum = 0;
    for (let i = 0; i < tokens.length; i++) sum += exponentials[tokens[i]];
    // Where all of them are beyond what a double can hold beside the likeliest token, the best one stands for all.
    if (sum === 0) return this.logProbability(position, this.bestOf(position, tokens));
    return Math.log(sum) - this.logNormalizer[position];
  }
}
