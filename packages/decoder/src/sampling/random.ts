import { InvalidInputError } from "@espalier/grammar";

/**
 * A seeded stream of pseudo-random numbers: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled Linear Pseudorandom
 * Number Generators", 2021), its 128 bits of state filled by splitmix32 from the seed. Period 2^128 - 1.
 * Same seed, same numbers, on every machine. Not for cryptography.
 */
export class Random {
  readonly seed: number;
  readonly #state = new Uint32Array(4);

  /**
   * @param seed a non-negative safe integer
   * @throws InvalidInputError for any other number
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new InvalidInputError({
        message: `The seed (${seed}) must be an integer from 0 to 2^53 - 1.`,
        place: "seed",
      });
    }
    this.seed = seed;
    const high = mix(Math.floor(seed / 2 ** 32));
    let word = (seed ^ high) >>> 0;
    for (let index = 0; index < 4; index++) {
      word = (word + 0x9e37_79b9) >>> 0;
      this.#state[index] = mix(word);
    }
    // The all-zero state is the one that never leaves itself.
    if (this.#state.every((part) => part === 0)) this.#state[0] = 1;
  }

  /** A seed that nobody chose, for callers who gave none. */
  static freshSeed(): number {
    const words = crypto.getRandomValues(new Uint32Array(2));
    return (words[0] >>> 11) * 2 ** 32 + words[1];
  }

  /** The next integer, uniform over 0 .. 2^32 - 1. */
  nextUint32(): number {
    const s = this.#state;
    const scrambled = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return scrambled;
  }

  /** The next number, uniform over the multiples of 2^-53 in [0, 1). Takes two integers from the stream. */
  nextFloat64(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /** A generator at the same place of the same stream. */
  clone(): Random {
    const copy = new Random(this.seed);
    copy.#state.set(this.#state);
    return copy;
  }
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

/** The finalizer of splitmix32: a bijection of 32-bit words. */
function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
