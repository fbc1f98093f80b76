import type { TokenId } from "@espalier/grammar";
import type { PositionScores } from "../trellis/position-scores.ts";
import type { Confidence } from "./proposal.ts";

/** The model's own probability of `token`, and its lead over the likeliest other token. O(vocabulary). @internal */
export function modelConfidence(scores: PositionScores, position: number, token: TokenId): Confidence {
  const row = scores.rows[position]!;
  let other = -Infinity;
  for (let each = 0; each < row.length; each++) if (each !== token && row[each] > other) other = row[each];
  const gap = row[token] === -Infinity ? -Infinity : (row[token] - other) / scores.temperature;
  return { probability: Math.exp(scores.logProbability(position, token)), gap };
}
