import { finishHash, HashIndex, mixHash } from "./hash-index.ts";
import { PHASE_COUNT, phasesAfter } from "./utf8-phase.ts";

/** Interned sets of bytes: eight 32-bit words each, plus where their bytes lead in UTF-8. */
export class ByteSetTable {
  /** Set `id` occupies words `8 * id` to `8 * id + 7`; byte b is bit `b & 31` of word `b >>> 5`. */
  words: Uint32Array = new Uint32Array(8 * 64);
  /** `phaseTargets[PHASE_COUNT * id + p]`: the mask of {@link phasesAfter} from phase p. */
  phaseTargets: Uint16Array = new Uint16Array(PHASE_COUNT * 64);
  readonly #index: HashIndex = new HashIndex(64);

  get bytesHeld(): number {
    return this.words.byteLength + this.phaseTargets.byteLength + this.#index.bytesHeld;
  }

  /** The id of the set whose eight words start at `offset`. */
  intern(set: Uint32Array, offset = 0): number {
    let hash = 0;
    for (let word = 0; word < 8; word++) hash = mixHash(hash, set[offset + word]);
    hash = finishHash(hash);
    for (let slot = this.#index.first(hash); ; slot = this.#index.following(slot)) {
      const id = this.#index.idAt(slot);
      if (id === -1) return this.#add(set, offset, hash);
      if (this.#index.hasHash(id, hash) && this.#equals(id, set, offset)) return id;
    }
  }

  has(id: number, byte: number): boolean {
    return ((this.words[(id << 3) + (byte >>> 5)] >>> (byte & 31)) & 1) === 1;
  }

  size(id: number): number {
    let size = 0;
    for (let word = 0; word < 8; word++) {
      for (let bits = this.words[(id << 3) + word]; bits !== 0; bits &= bits - 1) size++;
    }
    return size;
  }

  #equals(id: number, set: Uint32Array, offset: number): boolean {
    for (let word = 0; word < 8; word++) {
      if (this.words[(id << 3) + word] !== set[offset + word]) return false;
    }
    return true;
  }

  #add(set: Uint32Array, offset: number, hash: number): number {
    const id = this.#index.add(hash);
    if (this.words.length < 8 * (id + 1)) {
      const words = new Uint32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
      const targets = new Uint16Array(this.phaseTargets.length * 2);
      targets.set(this.phaseTargets);
      this.phaseTargets = targets;
    }
    for (let word = 0; word < 8; word++) this.words[8 * id + word] = set[offset + word];
    for (let phase = 0; phase < PHASE_COUNT; phase++) {
      this.phaseTargets[PHASE_COUNT * id + phase] = phasesAfter(phase, this.words, 8 * id);
    }
    return id;
  }
}
