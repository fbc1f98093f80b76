import type { SourceText } from "./source-text.ts";

/** How often something may be repeated by a number; more is a typing error, or an attack. */
const MAX_COUNT = 1_000_000;

export interface Counts {
  readonly min: number;
  /** Absent for no limit. */
  readonly max: number | undefined;
}

/**
 * `{2}`, `{2,}` or `{2,5}`, as it stands in the text.
 * @throws InvalidInputError when the counts are the wrong way round or beyond a million
 */
export function readCounts(image: string, source: SourceText, offset: number): Counts {
  const [min = "", max] = image
    .slice(1, -1)
    .split(",")
    .map((each) => each.trim());
  return checkCounts(
    Number(min),
    max === undefined ? Number(min) : max === "" ? undefined : Number(max),
    source,
    offset,
  );
}

export function checkCounts(min: number, max: number | undefined, source: SourceText, offset: number): Counts {
  if (min < 0) throw source.invalid(offset, `The least count (${min}) is negative`);
  if (max !== undefined && max < min) {
    throw source.invalid(offset, `The least count (${min}) is greater than the greatest (${max})`);
  }
  if (Math.max(min, max ?? 0) > MAX_COUNT) {
    throw source.invalid(offset, `A count (${Math.max(min, max ?? 0)}) is greater than ${MAX_COUNT}`);
  }
  return { min, max };
}
