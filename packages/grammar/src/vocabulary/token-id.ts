/** The number of a token in a vocabulary: 0 .. size - 1, the index of its logit. */
export type TokenId = number;
