import * as fc from "fast-check";
import { expect, it } from "vitest";
import { systematicResampling } from "../../../packages/decoder/src/aligned/systematic-resampling.ts";
import { runs } from "../../support/runs.ts";

const POINTS = 2000;

it("gives each particle its share of descendants: on average exactly, at any time to the next integer", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 5, noNaN: true })), {
        minLength: 1,
        maxLength: 12,
      }),
      (given) => {
        const weights = Float64Array.from(given);
        const sum = weights.reduce((total, weight) => total + weight, 0);
        fc.pre(sum > 0);
        const descendants = new Float64Array(weights.length);
        for (let point = 0; point < POINTS; point++) {
          const counts = new Int32Array(weights.length);
          for (const ancestor of systematicResampling(weights, point / POINTS)) counts[ancestor]++;
          for (const [index, count] of counts.entries()) {
            const share = (weights.length * weights[index]) / sum;
            expect(Math.abs(count - share)).toBeLessThan(1 + 1e-9);
            descendants[index] += count;
          }
        }
        for (const [index, total] of descendants.entries()) {
          expect(Math.abs(total / POINTS - (weights.length * weights[index]) / sum)).toBeLessThan(2 / POINTS + 1e-9);
          if (weights[index] === 0) expect(total).toBe(0);
        }
      },
    ),
    { numRuns: runs(20) },
  );
});
