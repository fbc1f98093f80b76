import { countAllowed } from "../../../packages/grammar/src/index.ts";

/** A token drawn uniformly from those that the mask allows, without listing them; undefined when it allows none. */
export function randomToken(words: Uint32Array, random: () => number): number | undefined {
  const count = countAllowed(words);
  if (count === 0) return undefined;
  let rank = Math.floor(random() * count);
  for (let index = 0; ; index++) {
    let word = words[index];
    const inWord = bitCount(word);
    if (rank >= inWord) {
      rank -= inWord;
      continue;
    }
    for (; rank > 0; rank--) word &= word - 1;
    return (index << 5) | (31 - Math.clz32(word & -word));
  }
}

function bitCount(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
