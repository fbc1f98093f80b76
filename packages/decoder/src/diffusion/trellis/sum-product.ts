import type { TokenId } from "@espalier/grammar";
import type { Random } from "../../sampling/random.ts";
import { LabelMemo } from "./label-memo.ts";
import type { PositionScores } from "./position-scores.ts";
import { isEmptyTrellis, type Trellis } from "./trellis.ts";

/** A distribution over the tokens of one position: parallel arrays, tokens ascending, zeros left out. */
export interface TokenMarginals {
  readonly tokens: Int32Array;
  readonly probabilities: Float64Array;
}

/**
 * The model's factorised distribution, conditioned on the canvases of a trellis: their mass, exact samples, and the distribution of each
 * position (forward-backward, in the log domain). Exact for all valid canvases when the trellis is.
 *
 * Building it is O(edges + tokens of the sets on them); a sample is O(edges on its way + tokens).
 */
export class SumProduct {
  readonly #trellis: Trellis;
  readonly #scores: PositionScores;
  /** log mass of each edge's tokens. */
  readonly #weights: Float64Array[] = [];
  /** log mass of all ways from the first layer to each node, and from each node to the last layer. */
  readonly #forward: Float64Array[] = [];
  readonly #backward: Float64Array[] = [];
  readonly #dense: Float64Array;
  /** log of the probability that canvases drawn from the model are on the trellis: the mass that the constraint leaves. */
  readonly logMass: number;

  constructor(trellis: Trellis, scores: PositionScores) {
    this.#trellis = trellis;
    this.#scores = scores;
    this.#dense = new Float64Array(trellis.graph.vocabulary.size);
    if (isEmptyTrellis(trellis)) {
      this.logMass = -Infinity;
      return;
    }
    const { nodes, layers, graph } = trellis;
    const memo = new LabelMemo((position, label) =>
      label < 0 ? scores.logProbability(position, ~label) : scores.logMass(position, graph.sets.tokens(label)),
    );
    this.#forward[0] = new Float64Array(1);
    for (let position = 0; position < layers.length; position++) {
      const { from, to, label } = layers[position];
      const weights = new Float64Array(label.length);
      const before = this.#forward[position];
      const after = new Float64Array(nodes[position + 1].length).fill(-Infinity);
      memo.begin(position);
      for (let edge = 0; edge < label.length; edge++) {
        weights[edge] = memo.get(label[edge]);
        after[to[edge]] = logAdd(after[to[edge]], before[from[edge]] + weights[edge]);
      }
      this.#weights.push(weights);
      this.#forward.push(after);
    }
    this.#backward[layers.length] = new Float64Array(nodes[layers.length].length);
    for (let position = layers.length - 1; position >= 0; position--) {
      const { from, to } = layers[position];
      const weights = this.#weights[position];
      const after = this.#backward[position + 1];
      const before = new Float64Array(nodes[position].length).fill(-Infinity);
      for (let edge = 0; edge < weights.length; edge++) {
        before[from[edge]] = logAdd(before[from[edge]], after[to[edge]] + weights[edge]);
      }
      this.#backward[position] = before;
    }
    this.logMass = this.#backward[0][0];
  }

  /** One canvas, drawn from the conditional distribution; `undefined` when its mass is zero. */
  sample(random: Random): Int32Array | undefined {
    if (this.logMass === -Infinity) return undefined;
    const { layers, graph } = this.#trellis;
    const tokens = new Int32Array(layers.length);
    let node = 0;
    for (let position = 0; position < layers.length; position++) {
      const { from, to, label } = layers[position];
      const weights = this.#weights[position];
      const ahead = this.#backward[position + 1];
      const mass = this.#backward[position][node];
      let left = random.nextFloat64();
      let chosen = -1;
      for (let edge = firstEdge(from, node); edge < label.length && from[edge] === node; edge++) {
        const share = Math.exp(weights[edge] + ahead[to[edge]] - mass);
        if (share === 0) continue;
        chosen = edge;
        left -= share;
        if (left < 0) break;
      }
      tokens[position] =
        label[chosen] < 0 ? ~label[chosen] : this.#draw(position, graph.sets.tokens(label[chosen]), random);
      node = to[chosen];
    }
    return tokens;
  }

  /**
   * The distribution of the token at `position`, given that the canvas is on the trellis. `undefined` when the mass is zero.
   * O(edges of the layer + tokens of the sets on them).
   */
  marginals(position: number): TokenMarginals | undefined {
    if (this.logMass === -Infinity) return undefined;
    const { layers, graph } = this.#trellis;
    const { from, to, label } = layers[position];
    const weights = this.#weights[position];
    const before = this.#forward[position];
    const after = this.#backward[position + 1];
    const dense = this.#dense;
    const touched: TokenId[] = [];
    const bySet = new Map<number, number>();
    const add = (token: TokenId, probability: number): void => {
      if (probability === 0) return;
      if (dense[token] === 0) touched.push(token);
      dense[token] += probability;
    };
    for (let edge = 0; edge < label.length; edge++) {
      const probability = Math.exp(before[from[edge]] + weights[edge] + after[to[edge]] - this.logMass);
      if (label[edge] < 0) add(~label[edge], probability);
      else if (probability > 0) bySet.set(label[edge], (bySet.get(label[edge]) ?? 0) + probability);
    }
    for (const [set, probability] of bySet) {
      const members = graph.sets.tokens(set);
      if (members.length === 1) {
        add(members[0], probability);
        continue;
      }
      const exponentials = this.#scores.exponentials(position);
      let total = 0;
      for (let i = 0; i < members.length; i++) total += exponentials[members[i]];
      if (total === 0) add(this.#scores.bestOf(position, members), probability);
      else for (let i = 0; i < members.length; i++) add(members[i], (exponentials[members[i]] / total) * probability);
    }
    const tokens = Int32Array.from(touched).sort();
    const probabilities = Float64Array.from(tokens, (token) => dense[token]);
    for (const token of touched) dense[token] = 0;
    return { tokens, probabilities };
  }

  #draw(position: number, members: Int32Array, random: Random): TokenId {
    if (members.length === 1) return members[0];
    const exponentials = this.#scores.exponentials(position);
    let total = 0;
    for (let i = 0; i < members.length; i++) total += exponentials[members[i]];
    if (total === 0) return this.#scores.bestOf(position, members);
    let left = random.nextFloat64() * total;
    let chosen = members[0];
    for (let i = 0; i < members.length; i++) {
      if (exponentials[members[i]] === 0) continue;
      chosen = members[i];
      left -= exponentials[chosen];
      if (left < 0) break;
    }
    return chosen;
  }
}

/** log(exp(a) + exp(b)). */
function logAdd(a: number, b: number): number {
  if (b === -Infinity) return a;
  if (a === -Infinity) return b;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** The first edge of `node`: edges ascend by the node that they leave. */
function firstEdge(from: Int32Array, node: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (from[middle] < node) low = middle + 1;
    else high = middle;
  }
  return low;
}
