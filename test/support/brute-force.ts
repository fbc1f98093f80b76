import type { TokenId, Vocabulary } from "@espalier/grammar";

/** Masks of a finite language, from the list of its members: what a mask must be, by definition. */
export class BruteForce {
  readonly #members: ReadonlySet<string>;
  readonly #prefixes = new Set<string>();
  readonly #tokens: readonly (string | undefined)[];
  readonly #eosTokens: readonly TokenId[];
  readonly #costs = new Map<string, number>();

  /** @param words the texts of the tokens, by id; undefined for special ones */
  constructor(members: Iterable<string>, words: readonly (string | undefined)[], eosTokens: readonly TokenId[]) {
    this.#members = new Set(members);
    for (const member of this.#members) {
      for (let end = 0; end <= member.length; end++) this.#prefixes.add(member.slice(0, end));
    }
    this.#tokens = words;
    this.#eosTokens = eosTokens;
  }

  isMember(text: string): boolean {
    return this.#members.has(text);
  }

  /** The least number of tokens that complete `text`; Infinity when the vocabulary cannot. */
  cost(text: string): number {
    if (!this.#prefixes.has(text)) return Infinity;
    if (this.#members.has(text)) return 0;
    let cost = this.#costs.get(text);
    if (cost === undefined) {
      cost = Math.min(...this.#tokens.map((word) => (word === undefined ? Infinity : 1 + this.cost(text + word))));
      this.#costs.set(text, cost);
    }
    return cost;
  }

  /** The tokens after which `text` can be completed with `budget` tokens in all; end-of-text where it is complete. Ascending. */
  mask(text: string, budget = Infinity): TokenId[] {
    const allowed = this.#tokens.flatMap((word, token) =>
      word !== undefined && word !== "" && this.cost(text + word) + 1 <= budget && this.cost(text + word) < Infinity
        ? [token]
        : [],
    );
    return [...allowed, ...(this.#members.has(text) ? this.#eosTokens : [])].sort((a, b) => a - b);
  }
}

/** The texts of a vocabulary's tokens. */
export function wordsOf(vocabulary: Vocabulary): (string | undefined)[] {
  const decoder = new TextDecoder();
  return Array.from({ length: vocabulary.size }, (_, token) =>
    vocabulary.isSpecial(token) ? undefined : decoder.decode(vocabulary.bytes(token)),
  );
}

/** All words over `letters` of at most `length` letters. */
export function wordsUpTo(letters: readonly string[], length: number): string[] {
  let level = [""];
  const words = [""];
  for (let i = 0; i < length; i++) {
    level = level.flatMap((word) => letters.map((letter) => word + letter));
    words.push(...level);
  }
  return words;
}
