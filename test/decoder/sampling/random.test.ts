import { Random } from "@espalier/decoder";
import { expect, test } from "vitest";

/** xoshiro128** 1.1 as its authors publish it, in BigInt, so that it shares no arithmetic with ours. */
function* xoshiro128StarStar(state: bigint[]): Generator<number> {
  const low = (word: bigint): bigint => BigInt.asUintN(32, word);
  const rotl = (word: bigint, by: bigint): bigint => low((word << by) | (word >> (32n - by)));
  const s = [...state];
  for (;;) {
    yield Number(low(rotl(low(s[1] * 5n), 7n) * 9n));
    const t = low(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
  }
}

/** splitmix32 as the documentation says that it fills the state. */
function stateOf(seed: number): bigint[] {
  const low = (word: bigint): bigint => BigInt.asUintN(32, word);
  const mix = (word: bigint): bigint => {
    let z = word;
    z = low((z ^ (z >> 16n)) * 0x21f0aaadn);
    z = low((z ^ (z >> 15n)) * 0x735a2d97n);
    return z ^ (z >> 15n);
  };
  let word = low(BigInt(seed)) ^ mix(BigInt(seed) >> 32n);
  return Array.from({ length: 4 }, () => mix((word = low(word + 0x9e3779b9n))));
}

test.each([0, 1, 42, 2 ** 32, 2 ** 53 - 1])("seed %i gives the published generator's numbers", (seed) => {
  const random = new Random(seed);
  const expected = xoshiro128StarStar(stateOf(seed));
  for (let draw = 0; draw < 200; draw++) {
    expect(random.nextUint32()).toBe(expected.next().value);
  }
});

test("numbers are in [0, 1), and uniform", () => {
  const random = new Random(3);
  const bins = Array.from({ length: 16 }, () => 0);
  for (let draw = 0; draw < 32_000; draw++) {
    const number = random.nextFloat64();
    expect(number >= 0 && number < 1).toBe(true);
    bins[Math.floor(number * 16)]++;
  }
  const statistic = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  // The 99.9th percentile of chi-square with 15 degrees of freedom.
  expect(statistic).toBeLessThan(37.7);
});

test("a clone goes on alike", () => {
  const random = new Random(9);
  random.nextFloat64();
  const clone = random.clone();
  expect(clone.nextFloat64()).toBe(random.nextFloat64());
});

test("fresh seeds are seeds, and differ", () => {
  const seeds = Array.from({ length: 50 }, () => Random.freshSeed());
  for (const seed of seeds) expect(() => new Random(seed)).not.toThrow();
  expect(new Set(seeds).size).toBe(50);
});
