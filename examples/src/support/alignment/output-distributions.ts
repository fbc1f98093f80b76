import type { LanguageModel } from "@espalier/decoder";
import type { Matcher, TokenId } from "@espalier/grammar";

export interface OutputDistributionsOptions {
  readonly model: LanguageModel;
  readonly prompt: readonly TokenId[];
  /** At its beginning, over a finite language. */
  readonly matcher: Matcher;
  readonly eosTokens: readonly TokenId[];
  /** By name: the log of the weight that a sampler gives to what may follow a prefix. */
  readonly bounds: Readonly<Record<string, (tokens: readonly TokenId[]) => number>>;
}

/** An output, and its probability in each distribution. */
export interface OutputRow {
  readonly tokens: readonly TokenId[];
  /** Of the model, given that the output is in the language. */
  readonly exact: number;
  /** Of samplers that draw token by token, by name. */
  readonly proposals: Readonly<Record<string, number>>;
}

/** Every output of a small finite language; the model is asked once about every prefix. */
export async function outputDistributions(options: OutputDistributionsOptions): Promise<OutputRow[]> {
  const { model, prompt, matcher, bounds } = options;
  const eosTokens = new Set(options.eosTokens);
  const session = model.createSession();
  const rows: { tokens: readonly TokenId[]; logProbability: number; proposals: Record<string, number> }[] = [];

  async function visit(
    tokens: readonly TokenId[],
    logits: Float32Array,
    logProbability: number,
    proposals: Readonly<Record<string, number>>,
  ): Promise<void> {
    const logTotal = logSum([...logits]);
    const next = matcher.allowed(Infinity)!.filter((token) => !eosTokens.has(token));
    const steps = next.map((token) => logits[token] - logTotal);
    const end = matcher.isAccepting() ? logSum([...eosTokens].map((token) => logits[token] - logTotal)) : -Infinity;
    const shares = Object.entries(bounds).map(([name, bound]) => {
      const weights = [...next.map((token, index) => steps[index] + bound([...tokens, token])), end];
      const sum = logSum(weights);
      return { name, weights: weights.map((weight) => Math.exp(weight - sum)) };
    });
    const after = (index: number): Record<string, number> =>
      Object.fromEntries(shares.map(({ name, weights }) => [name, proposals[name] * weights[index]]));
    if (end > -Infinity) {
      rows.push({ tokens, logProbability: logProbability + end, proposals: after(next.length) });
    }
    for (const [index, token] of next.entries()) {
      matcher.consume(token);
      const [following] = await session.feed([token]);
      await visit([...tokens, token], following, logProbability + steps[index], after(index));
      session.rewind(1);
      matcher.rollback(1);
    }
  }

  const [logits] = await session.feed(prompt);
  await visit([], logits, 0, Object.fromEntries(Object.keys(bounds).map((name) => [name, 1])));
  session.dispose();
  const logMass = logSum(rows.map((row) => row.logProbability));
  return rows.map(({ tokens, logProbability, proposals }) => ({
    tokens,
    exact: Math.exp(logProbability - logMass),
    proposals,
  }));
}

function logSum(values: readonly number[]): number {
  const maximum = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (maximum === -Infinity) return -Infinity;
  return maximum + Math.log(values.reduce((sum, value) => sum + Math.exp(value - maximum), 0));
}
