/** A growing list of 32-bit integers. @internal */
export class IntList {
  #items = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Returns the index of the new item. */
  push(item: number): number {
    if (this.#length === this.#items.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length] = item;
    return this.#length++;
  }

  at(index: number): number {
    return this.#items[index];
  }

  clear(): void {
    this.#length = 0;
  }

  /** A copy of the items. */
  toArray(): Int32Array {
    return this.#items.slice(0, this.#length);
  }
}
