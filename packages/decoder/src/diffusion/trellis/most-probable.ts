import { LabelMemo } from "./label-memo.ts";
import type { PositionScores } from "./position-scores.ts";
import { isEmptyTrellis, type Trellis } from "./trellis.ts";

export interface ScoredCanvas {
  /** One token for each position. */
  readonly tokens: Int32Array;
  /** log of its probability under the model's factorised distribution; committed positions count as certain. */
  readonly logProbability: number;
}

/**
 * The most probable canvas on the trellis (max-product, the algorithm of Viterbi): with an exact trellis, the most probable valid
 * canvas under the model's factorised distribution, which is what DINGO (Suresh et al., 2025) decodes.
 * `undefined` when the trellis is empty. O(edges + tokens of the sets on them).
 */
export function mostProbable(trellis: Trellis, scores: PositionScores): ScoredCanvas | undefined {
  if (isEmptyTrellis(trellis)) return undefined;
  const { nodes, layers, graph } = trellis;
  const weight = new LabelMemo((position, label) =>
    scores.preference(position, label < 0 ? ~label : scores.bestOf(position, graph.sets.tokens(label))),
  );
  const cameBy: Int32Array[] = [];
  let best = new Float64Array(1);
  for (let position = 0; position < layers.length; position++) {
    const { from, to, label } = layers[position];
    const next = new Float64Array(nodes[position + 1].length).fill(-Infinity);
    const by = new Int32Array(next.length);
    weight.begin(position);
    for (let edge = 0; edge < label.length; edge++) {
      const value = best[from[edge]] + weight.get(label[edge]);
      if (value > next[to[edge]]) {
        next[to[edge]] = value;
        by[to[edge]] = edge;
      }
    }
    cameBy.push(by);
    best = next;
  }
  let node = 0;
  for (let other = 1; other < best.length; other++) if (best[other] > best[node]) node = other;
  const tokens = new Int32Array(layers.length);
  let logProbability = 0;
  for (let position = layers.length - 1; position >= 0; position--) {
    const edge = cameBy[position][node];
    const label = layers[position].label[edge];
    tokens[position] = label < 0 ? ~label : scores.bestOf(position, graph.sets.tokens(label));
    logProbability += scores.logProbability(position, tokens[position]);
    node = layers[position].from[edge];
  }
  return { tokens, logProbability };
}
