import { InvalidInputError } from "../errors/invalid-input-error.ts";
import type { Matcher } from "./matcher.ts";

/**
 * Fills the masks of a batch: row `i` of `words` gets the mask of `matchers[i]`.
 *
 * On the calling thread. What the matchers of a constraint know is shared between them and cannot be shared between threads; a mask takes
 * microseconds where that is warm, less than waking a thread. docs/decisions/0013-mask-pool.md has the figures.
 *
 * @param words `matchers.length` rows of equal length, at least as long as a mask of the matchers' vocabulary
 * @throws InvalidInputError when `words` does not divide into as many rows
 */
export function fillMasks(matchers: readonly Matcher[], words: Uint32Array): void {
  const { length } = matchers;
  if (length === 0) return;
  const row = words.length / length;
  if (!Number.isInteger(row) || row === 0) {
    throw new InvalidInputError({
      message: `${words.length} words do not divide into ${length} masks of equal length.`,
      place: "words",
    });
  }
  for (let index = 0; index < length; index++) {
    matchers[index].fillMask(words.subarray(index * row, (index + 1) * row));
  }
}
