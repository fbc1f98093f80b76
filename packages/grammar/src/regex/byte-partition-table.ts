import { finishHash, HashIndex, mixHash } from "./hash-index.ts";

/** Partition 0: all bytes in one class. */
export const TRIVIAL_PARTITION = 0;

/** While refining: the new class of (old class, distinction), valid when its stamp is the current one. One for all tables: it is large. */
const renumbered = new Uint8Array(256 * 256);
const stamps = new Int32Array(256 * 256);
let lastStamp = 0;

/** A stamp that no entry has. */
function newStamp(): number {
  if (lastStamp === 0x7fff_ffff) {
    stamps.fill(0);
    lastStamp = 0;
  }
  return ++lastStamp;
}

/**
 * Interned partitions of the 256 bytes into classes. Classes are numbered by their least byte, so that equal
 * partitions have equal content.
 */
export class BytePartitionTable {
  /** `classOf[partition * 256 + byte]`: the byte's class. */
  classOf: Uint8Array = new Uint8Array(256 * 16);
  readonly #classCounts: number[] = [];
  readonly #index: HashIndex = new HashIndex(16);

  constructor() {
    this.intern(new Uint8Array(256), 1);
  }

  get count(): number {
    return this.#classCounts.length;
  }

  get bytesHeld(): number {
    return this.classOf.byteLength + this.#index.bytesHeld;
  }

  classCount(partition: number): number {
    return this.#classCounts[partition];
  }

  /** The least byte of each class, in order. */
  representatives(partition: number): number[] {
    const least: number[] = [];
    const offset = partition * 256;
    for (let byte = 0; byte < 256; byte++) {
      if (this.classOf[offset + byte] === least.length) least.push(byte);
    }
    return least;
  }

  /** Refines `classes` in place so that it tells apart what `distinction` does; returns the number of classes. */
  refine(classes: Uint8Array, distinction: Uint8Array, offset: number): number {
    const stamp = newStamp();
    let count = 0;
    for (let byte = 0; byte < 256; byte++) {
      const key = (classes[byte] << 8) | distinction[offset + byte];
      if (stamps[key] !== stamp) {
        stamps[key] = stamp;
        renumbered[key] = count++;
      }
      classes[byte] = renumbered[key];
    }
    return count;
  }

  /** The partition with these classes, which must be numbered by their least byte. */
  intern(classes: Uint8Array, classCount: number): number {
    let hash = classCount;
    for (let byte = 0; byte < 256; byte += 4) {
      hash = mixHash(
        hash,
        classes[byte] | (classes[byte + 1] << 8) | (classes[byte + 2] << 16) | (classes[byte + 3] << 24),
      );
    }
    hash = finishHash(hash);
    for (let slot = this.#index.first(hash); ; slot = this.#index.following(slot)) {
      const id = this.#index.idAt(slot);
      if (id === -1) return this.#add(hash, classes, classCount);
      if (this.#index.hasHash(id, hash) && this.#equals(id, classes)) return id;
    }
  }

  #equals(id: number, classes: Uint8Array): boolean {
    const offset = id * 256;
    for (let byte = 0; byte < 256; byte++) {
      if (this.classOf[offset + byte] !== classes[byte]) return false;
    }
    return true;
  }

  #add(hash: number, classes: Uint8Array, classCount: number): number {
    const id = this.#index.add(hash);
    if (this.classOf.length < (id + 1) * 256) {
      const grown = new Uint8Array(this.classOf.length * 2);
      grown.set(this.classOf);
      this.classOf = grown;
    }
    this.classOf.set(classes, id * 256);
    this.#classCounts.push(classCount);
    return id;
  }
}
