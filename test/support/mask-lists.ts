import {
  DEAD,
  listAllowed,
  type Automaton,
  type Matcher,
  type State,
  type TokenId,
  type Vocabulary,
} from "@espalier/grammar";

/** The tokens of the matcher's mask, ascending. */
export function maskOf(matcher: Matcher, vocabulary: Vocabulary): TokenId[] {
  const words = new Uint32Array(vocabulary.maskWords).fill(0xaaaaaaaa);
  matcher.fillMask(words);
  return tokensOf(words, vocabulary);
}

export function tokensOf(words: Uint32Array, vocabulary: Vocabulary): TokenId[] {
  const tokens: TokenId[] = [];
  listAllowed(words, tokens, vocabulary.size);
  return tokens;
}

/** The mask of `state` without caches or tries: every token is tried, byte by byte. */
export function naiveMask(automaton: Automaton, state: State, vocabulary: Vocabulary): TokenId[] {
  const { flatBytes, offsets, eosTokens } = vocabulary;
  const allowed: TokenId[] = automaton.isAccepting(state) ? [...eosTokens] : [];
  for (let token = 0; token < vocabulary.size; token++) {
    const end = offsets[token + 1];
    let at = offsets[token];
    if (at === end) continue;
    let current = state;
    while (at < end && current !== DEAD) current = automaton.next(current, flatBytes[at++]);
    if (current !== DEAD) allowed.push(token);
  }
  return allowed.sort((a, b) => a - b);
}
