import type { Matcher } from "@espalier/grammar";

/**
 * A matcher over a short list of outputs, each a list of tokens: everything that it answers is read off the list, so that
 * tests of decoders do not rest on automata.
 */
export class ListedMatcher implements Matcher {
  readonly #outputs: readonly (readonly number[])[];
  readonly #eosToken: number;
  readonly #budget: number | undefined;
  #prefix: number[] = [];

  /** @param budget outputs longer than this do not count */
  constructor(outputs: readonly (readonly number[])[], eosToken: number, budget?: number) {
    this.#outputs = outputs.filter(({ length }) => length <= (budget ?? Infinity));
    this.#eosToken = eosToken;
    this.#budget = budget;
    this.shortest = Math.min(...outputs.map(({ length }) => length));
  }

  /** Length of the shortest output, whatever the budget. */
  readonly shortest: number;

  get tokenCount(): number {
    return this.#prefix.length;
  }

  get remainingTokens(): number | undefined {
    return this.#budget === undefined ? undefined : this.#budget - this.#prefix.length;
  }

  fillMask(words: Uint32Array): void {
    words.fill(0);
    for (const token of this.#next()) words[token >> 5] |= 1 << (token & 31);
  }

  allowed(limit = 256): readonly number[] | undefined {
    const next = this.#next();
    return next.length <= limit ? next : undefined;
  }

  isAllowed(token: number): boolean {
    return this.#next().includes(token);
  }

  consume(token: number): boolean {
    if (!this.isAllowed(token)) return false;
    this.#prefix.push(token);
    return true;
  }

  rollback(count: number): void {
    this.#prefix.length -= count;
  }

  clone(): Matcher {
    const copy = new ListedMatcher(this.#outputs, this.#eosToken, this.#budget);
    copy.#prefix = [...this.#prefix];
    return copy;
  }

  forcedTokens(): number[] {
    const cursor = this.clone() as ListedMatcher;
    const forced: number[] = [];
    for (;;) {
      const next = cursor.#next();
      if (next.length !== 1 || next[0] === this.#eosToken) return forced;
      forced.push(next[0]);
      cursor.consume(next[0]);
    }
  }

  isAccepting(): boolean {
    return this.#live().some(({ length }) => length === this.#prefix.length);
  }

  isFinished(): boolean {
    if (this.#prefix.at(-1) === this.#eosToken) return true;
    return this.isAccepting() && this.#live().length === 1;
  }

  minTokensToFinish(): number {
    if (this.#prefix.length === 0) return this.shortest;
    return Math.min(...this.#live().map(({ length }) => length - this.#prefix.length));
  }

  /** Outputs that begin with what was consumed. */
  #live(): (readonly number[])[] {
    return this.#outputs.filter((output) => this.#prefix.every((token, index) => output[index] === token));
  }

  #next(): number[] {
    const next = new Set<number>();
    for (const output of this.#live()) next.add(output[this.#prefix.length] ?? this.#eosToken);
    return [...next].toSorted((a, b) => a - b);
  }
}
