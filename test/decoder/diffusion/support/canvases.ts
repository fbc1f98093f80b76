import type { TokenId, Vocabulary } from "@espalier/grammar";

export interface CanvasLanguage {
  readonly vocabulary: Vocabulary;
  readonly isMember: (text: string) => boolean;
  readonly paddingTokens: readonly TokenId[];
}

/** Whether the tokens of a full canvas are a text of the language, and behind it one end token and padding. By definition. */
export function isValidCanvas(canvas: readonly TokenId[], language: CanvasLanguage): boolean {
  const { vocabulary, isMember, paddingTokens } = language;
  const end = canvas.findIndex((token) => vocabulary.eosTokens.includes(token));
  const text = end === -1 ? canvas : canvas.slice(0, end);
  if (text.some((token) => vocabulary.isSpecial(token))) return false;
  if (end !== -1 && canvas.slice(end + 1).some((token) => !paddingTokens.includes(token))) return false;
  return isMember(vocabulary.decode(text));
}

/** All valid canvases with the given tokens: every combination of the vocabulary, one by one. */
export function validCanvases(
  canvas: readonly (TokenId | undefined)[],
  language: CanvasLanguage,
): readonly (readonly TokenId[])[] {
  let canvases: TokenId[][] = [[]];
  for (const token of canvas) {
    const choices = token === undefined ? Array.from({ length: language.vocabulary.size }, (_, each) => each) : [token];
    canvases = canvases.flatMap((each) => choices.map((choice) => [...each, choice]));
  }
  return canvases.filter((each) => isValidCanvas(each, language));
}

/** The probability of a canvas under the model's factorised distribution; committed positions count as certain. */
export function probabilityOf(
  tokens: ArrayLike<TokenId>,
  canvas: readonly (TokenId | undefined)[],
  logits: readonly (Float32Array | undefined)[],
  temperature = 1,
): number {
  let probability = 1;
  canvas.forEach((token, position) => {
    if (token !== undefined) return;
    const row = logits[position]!;
    const weights = Array.from(row, (logit) => Math.exp(logit / temperature));
    probability *= weights[tokens[position]] / weights.reduce((sum, weight) => sum + weight, 0);
  });
  return probability;
}
