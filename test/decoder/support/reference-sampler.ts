import type { SamplingOptions } from "@espalier/decoder";

/** What a distribution is asked for. */
export interface ReferenceCase {
  readonly logits: Float32Array;
  readonly allowed: readonly number[];
  readonly options: SamplingOptions;
  readonly prompt: readonly number[];
  readonly output: readonly number[];
}

/**
 * The distribution that the documentation promises, computed the slow and obvious way: everything sorted, each step
 * renormalised. Token -> probability, likeliest first.
 */
export function referenceDistribution(given: ReferenceCase): Map<number, number> {
  const { options, prompt, output } = given;
  const { temperature = 1, topK = Infinity, topP = 1, minP = 0 } = options;
  const { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0 } = options;
  let candidates = given.allowed.map((token) => {
    let logit = given.logits[token];
    if (prompt.includes(token) || output.includes(token)) {
      logit = logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty;
    }
    const count = output.filter((other) => other === token).length;
    if (count > 0) logit -= presencePenalty + frequencyPenalty * count;
    return { token, logit: Math.fround(logit) };
  });
  candidates.sort((a, b) => b.logit - a.logit || a.token - b.token);
  if (temperature === 0) return new Map([[candidates[0].token, 1]]);

  if (topK < candidates.length) {
    const last = candidates[topK - 1].logit;
    candidates = candidates.filter(({ logit }) => logit >= last);
  }
  let weighed = normalise(
    candidates.map(({ token, logit }) => ({
      token,
      logit,
      probability: Math.exp((logit - candidates[0].logit) / temperature),
    })),
  );
  if (topP < 1) {
    weighed = normalise(
      weighed.filter(({ logit }) => {
        const likelier = weighed.filter((other) => other.logit > logit);
        return likelier.reduce((sum, { probability }) => sum + probability, 0) < topP;
      }),
    );
  }
  weighed = normalise(weighed.filter(({ probability }) => probability >= minP * weighed[0].probability));
  return new Map(
    weighed.filter(({ probability }) => probability > 0).map(({ token, probability }) => [token, probability]),
  );
}

function normalise<Item extends { readonly probability: number }>(items: readonly Item[]): Item[] {
  const sum = items.reduce((total, { probability }) => total + probability, 0);
  return items.map((item) => ({ ...item, probability: item.probability / sum }));
}

/** The mask of a list of tokens. */
export function maskOf(tokens: readonly number[], vocabularySize: number): Uint32Array {
  const words = new Uint32Array(Math.ceil(vocabularySize / 32));
  for (const token of tokens) words[token >> 5] |= 1 << (token & 31);
  return words;
}
