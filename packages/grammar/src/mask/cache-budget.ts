/** What a {@link CacheBudget} may tell the caches that share it. */
export interface AgingCache {
  /** Everything that was not asked for since the last time is forgotten. */
  age(): void;
}

/** @defaultValue of {@link CacheBudget.maxBytes} for the masks of a process */
const DEFAULT_MAX_BYTES = 24 * 2 ** 20;

/** What registering a cache is counted as. */
const CACHE_BYTES = 256;

/**
 * A number of bytes that several caches share. Bytes are those of two generations: what was made or asked for lately, and what was
 * asked for before that. When the young one has half of the budget it becomes the old one, and what was old is forgotten. So the
 * least recently used goes first, roughly, and nothing has to be moved on a hit.
 *
 * Caches are held weakly: one that is gone takes what it held along, and its bytes are counted until they are old.
 */
export class CacheBudget {
  #maxBytes: number;
  #young = 0;
  #old = 0;
  #turns = 0;
  #caches: WeakRef<AgingCache>[] = [];

  constructor(maxBytes: number = DEFAULT_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that all caches may hold together; one entry larger than half of that is kept nonetheless until another comes. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  set maxBytes(bytes: number) {
    if (!(bytes >= 0)) throw new RangeError(`maxBytes (${bytes}) must be at least 0.`);
    this.#maxBytes = bytes;
    if (this.#young + this.#old > bytes) this.#turn();
    if (this.#young + this.#old > bytes) this.#turn();
  }

  /** Bytes held, estimated from the sizes of what is kept. */
  get bytesHeld(): number {
    return this.#young + this.#old;
  }

  /** How often a generation was forgotten. */
  get turns(): number {
    return this.#turns;
  }

  /** Counts a cache in; it hears of every new generation. */
  register(cache: AgingCache): void {
    this.#caches.push(new WeakRef(cache));
    this.charge(CACHE_BYTES);
  }

  /** Counts bytes that were made, into the young generation. */
  charge(bytes: number): void {
    this.#young += bytes;
    if (this.#young > this.#maxBytes / 2) this.#turn();
  }

  /** Counts bytes of the old generation into the young one. */
  promote(bytes: number): void {
    this.#old = Math.max(0, this.#old - bytes);
    this.charge(bytes);
  }

  #turn(): void {
    this.#turns++;
    this.#old = this.#young;
    this.#young = 0;
    this.#caches = this.#caches.filter((reference) => {
      const cache = reference.deref();
      cache?.age();
      return cache !== undefined;
    });
  }
}
