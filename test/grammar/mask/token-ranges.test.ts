import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TokenRanges } from "../../../packages/grammar/src/mask/token-ranges.ts";
import { runs } from "../../support/runs.ts";

const range = fc.tuple(fc.nat(60), fc.nat(8)).map(([from, length]) => [from, from + length] as const);

function positions(ranges: TokenRanges): number[] {
  const bounds = ranges.sorted();
  const found: number[] = [];
  for (let i = 0; i < bounds.length; i += 2) for (let at = bounds[i]; at < bounds[i + 1]; at++) found.push(at);
  return found;
}

test("ranges in any order are a set of positions, and so is the part of them between two positions", () => {
  fc.assert(
    fc.property(fc.array(range), range, (added, [from, to]) => {
      const ranges = new TokenRanges();
      const expected = new Set<number>();
      for (const [start, end] of added) {
        ranges.add(start, end);
        for (let at = start; at < end; at++) expected.add(at);
      }
      const ascending = [...expected].sort((a, b) => a - b);
      expect(positions(ranges.between(from, to))).toEqual(ascending.filter((at) => from <= at && at < to));
      expect(positions(ranges)).toEqual(ascending);
    }),
    { numRuns: runs(500) },
  );
});
