import type { TokenId } from "@espalier/grammar";

export interface Penalties {
  /** CTRL: positive logits divided, negative ones multiplied; 1 for none. */
  readonly repetition: number;
  /** Per occurrence in the output. */
  readonly frequency: number;
  /** For occurring in the output at all. */
  readonly presence: number;
}

/** Which tokens have occurred, and how often: what penalties look at. */
export class TokenHistory {
  readonly #slots = new Map<TokenId, number>();
  /** By slot, in order of first occurrence. */
  readonly #tokens: TokenId[] = [];
  /** Occurrences in the output, by slot. */
  readonly #outputCounts: number[] = [];
  readonly #inPrompt: boolean[] = [];
  readonly #output: TokenId[] = [];
  #saved: Float32Array = new Float32Array(64);

  addPrompt(tokens: readonly TokenId[]): void {
    for (const token of tokens) this.#inPrompt[this.#slot(token)] = true;
  }

  push(token: TokenId): void {
    this.#outputCounts[this.#slot(token)]++;
    this.#output.push(token);
  }

  /** Takes back the last `count` tokens pushed. */
  pop(count: number): void {
    for (let left = Math.min(count, this.#output.length); left > 0; left--) {
      this.#outputCounts[this.#slot(this.#output.pop()!)]--;
    }
  }

  /** Applies penalties in place; {@link restore} undoes it. Work: the number of different tokens so far. */
  penalise(logits: Float32Array, penalties: Penalties): void {
    const distinct = this.#tokens.length;
    if (this.#saved.length < distinct) this.#saved = new Float32Array(distinct * 2);
    for (let slot = 0; slot < distinct; slot++) {
      const token = this.#tokens[slot];
      const count = this.#outputCounts[slot];
      let logit = logits[token];
      this.#saved[slot] = logit;
      if (count === 0 && !this.#inPrompt[slot]) continue;
      logit = logit > 0 ? logit / penalties.repetition : logit * penalties.repetition;
      if (count > 0) logit -= penalties.presence + penalties.frequency * count;
      logits[token] = logit;
    }
  }

  restore(logits: Float32Array): void {
    for (let slot = 0; slot < this.#tokens.length; slot++) {
      logits[this.#tokens[slot]] = this.#saved[slot];
    }
  }

  #slot(token: TokenId): number {
    const known = this.#slots.get(token);
    if (known !== undefined) return known;
    const slot = this.#tokens.length;
    this.#slots.set(token, slot);
    this.#tokens.push(token);
    this.#outputCounts.push(0);
    this.#inPrompt.push(false);
    return slot;
  }
}
