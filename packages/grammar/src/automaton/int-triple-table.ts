/** Small: a constraint has three tables, and most are short. */
const INITIAL_CAPACITY = 64;
/** Tables that are not short soon are long. */
const GROWTH = 4;

/** Interns triples of 32-bit integers as 1, 2, 3, …; open addressing over flat arrays, 20 bytes a triple. */
export class IntTripleTable {
  first: Int32Array = new Int32Array(INITIAL_CAPACITY);
  second: Int32Array = new Int32Array(INITIAL_CAPACITY);
  third: Int32Array = new Int32Array(INITIAL_CAPACITY);
  #slots: Int32Array = new Int32Array(INITIAL_CAPACITY * 2);
  #count = 0;

  /** How many triples are interned; their numbers are 1 .. count. */
  get count(): number {
    return this.#count;
  }

  get bytesHeld(): number {
    return this.first.byteLength * 3 + this.#slots.byteLength;
  }

  intern(first: number, second: number, third: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(first, second, third) & mask;
    for (;;) {
      const id = this.#slots[slot];
      if (id === 0) break;
      if (this.first[id] === first && this.second[id] === second && this.third[id] === third) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
    const id = ++this.#count;
    if (id >= this.first.length) this.#grow();
    this.first[id] = first;
    this.second[id] = second;
    this.third[id] = third;
    this.#insert(id);
    return id;
  }

  #insert(id: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash(this.first[id], this.second[id], this.third[id]) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }

  #grow(): void {
    const capacity = this.first.length * GROWTH;
    this.first = grown(this.first, capacity);
    this.second = grown(this.second, capacity);
    this.third = grown(this.third, capacity);
    this.#slots = new Int32Array(capacity * 2);
    for (let id = 1; id < this.#count; id++) this.#insert(id);
  }
}

function grown(array: Int32Array, capacity: number): Int32Array {
  const copy = new Int32Array(capacity);
  copy.set(array);
  return copy;
}

function hash(first: number, second: number, third: number): number {
  let h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77) ^ Math.imul(third, 0xc2b2ae3d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
