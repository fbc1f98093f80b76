import type { TokenId } from "@espalier/grammar";

/**
 * The tokens that may be drawn: a mask (bit `id & 31` of word `id >> 5` is 1 when the token is allowed; missing words are 0),
 * an ascending list without repetitions, or `undefined` for the whole vocabulary.
 */
export type AllowedTokens = Uint32Array | readonly TokenId[] | undefined;
