import type { TokenId } from "@espalier/grammar";
import type { AllowedTokens } from "./allowed-tokens.ts";
import type { SamplerScratch } from "./sampler-scratch.ts";

/** No candidate is a number. @internal */
export const NO_CANDIDATE = -1;
/** A candidate's logit is NaN. @internal */
export const NAN_CANDIDATE = -2;

/**
 * Copies the allowed tokens and their logits, in ascending order of ids, into `scratch.tokens` and `scratch.logits`.
 * Work: the length of the list; for a mask, its words and the tokens allowed (words of 0 and of all ones go by without bit tests).
 * @returns how many there are
 * @internal
 */
export function gatherCandidates(logits: Float32Array, allowed: AllowedTokens, scratch: SamplerScratch): number {
  const { tokens, logits: kept } = scratch;
  if (allowed === undefined) {
    for (let token = 0; token < logits.length; token++) tokens[token] = token;
    kept.set(logits);
    return logits.length;
  }
  let count = 0;
  if (!(allowed instanceof Uint32Array)) {
    for (let index = 0; index < allowed.length; index++) {
      const token = allowed[index];
      if (token >= logits.length) continue;
      tokens[count] = token;
      kept[count++] = logits[token];
    }
    return count;
  }
  const words = Math.min(allowed.length, Math.ceil(logits.length / 32));
  for (let index = 0; index < words; index++) {
    let word = allowed[index] | 0;
    if (word === 0) continue;
    const first = index << 5;
    if (word === -1 && first + 32 <= logits.length) {
      for (let token = first; token < first + 32; token++) {
        tokens[count] = token;
        kept[count++] = logits[token];
      }
      continue;
    }
    while (word !== 0) {
      const token = first + 31 - Math.clz32(word & -word);
      word &= word - 1;
      if (token >= logits.length) break;
      tokens[count] = token;
      kept[count++] = logits[token];
    }
  }
  return count;
}

/**
 * The likeliest allowed token, the lowest id among equals, in one pass and without copying; {@link NO_CANDIDATE} when
 * none has a logit above -Infinity, {@link NAN_CANDIDATE} when one is NaN (which fails every comparison).
 * @internal
 */
export function likeliestToken(logits: Float32Array, allowed: AllowedTokens): TokenId {
  let best: TokenId = NO_CANDIDATE;
  let bestLogit = -Infinity;
  if (allowed === undefined) {
    for (let token = 0; token < logits.length; token++) {
      const logit = logits[token];
      if (logit <= bestLogit) continue;
      if (logit !== logit) return NAN_CANDIDATE;
      bestLogit = logit;
      best = token;
    }
    return best;
  }
  if (!(allowed instanceof Uint32Array)) {
    for (let index = 0; index < allowed.length; index++) {
      const token = allowed[index];
      if (token >= logits.length) continue;
      const logit = logits[token];
      if (logit <= bestLogit) continue;
      if (logit !== logit) return NAN_CANDIDATE;
      bestLogit = logit;
      best = token;
    }
    return best;
  }
  const words = Math.min(allowed.length, Math.ceil(logits.length / 32));
  for (let index = 0; index < words; index++) {
    let word = allowed[index] | 0;
    if (word === 0) continue;
    const first = index << 5;
    if (word === -1 && first + 32 <= logits.length) {
      for (let token = first; token < first + 32; token++) {
        const logit = logits[token];
        if (logit <= bestLogit) continue;
        if (logit !== logit) return NAN_CANDIDATE;
        bestLogit = logit;
        best = token;
      }
      continue;
    }
    while (word !== 0) {
      const token = first + 31 - Math.clz32(word & -word);
      word &= word - 1;
      if (token >= logits.length) break;
      const logit = logits[token];
      if (logit <= bestLogit) continue;
      if (logit !== logit) return NAN_CANDIDATE;
      bestLogit = logit;
      best = token;
    }
  }
  return best;
}
