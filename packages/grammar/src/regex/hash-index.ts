/**
 * An open-addressing index from hashes to ids 0, 1, 2 ... in order of insertion. It holds no keys: the owner
 * compares. To look up, walk from `first(hash)` with `following(slot)` until `idAt(slot)` is -1.
 */
export class HashIndex {
  #slots: Int32Array;
  #mask: number;
  #hashes: Int32Array;
  #size = 0;

  constructor(capacity = 256) {
    this.#slots = new Int32Array(capacity * 2).fill(-1);
    this.#mask = capacity * 2 - 1;
    this.#hashes = new Int32Array(capacity);
  }

  get bytesHeld(): number {
    return this.#slots.byteLength + this.#hashes.byteLength;
  }

  first(hash: number): number {
    return hash & this.#mask;
  }

  following(slot: number): number {
    return (slot + 1) & this.#mask;
  }

  idAt(slot: number): number {
    return this.#slots[slot];
  }

  hasHash(id: number, hash: number): boolean {
    return this.#hashes[id] === hash;
  }

  /** Gives the next id to an entry with this hash. */
  add(hash: number): number {
    if (this.#size === this.#hashes.length) this.#grow();
    const id = this.#size++;
    this.#hashes[id] = hash;
    this.#place(id, hash);
    return id;
  }

  #place(id: number, hash: number): void {
    let slot = hash & this.#mask;
    while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = id;
  }

  #grow(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(hashes.length * 2).fill(-1);
    this.#mask = this.#slots.length - 1;
    for (let id = 0; id < this.#size; id++) this.#place(id, hashes[id]);
  }
}

/** One round of hashing: folds `value` into `hash`. Finish with {@link finishHash}. */
export function mixHash(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

/** Spreads a hash's entropy to its low bits, by which tables are indexed. Never negative. */
export function finishHash(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) & 0x7fff_ffff;
}
