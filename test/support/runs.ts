/** How often a property is tried: `count`, times the environment's `ESPALIER_RUNS` (a longer hunt: `ESPALIER_RUNS=20 pnpm vitest run test/schema`). */
export function runs(count: number): number {
  return Math.round(count * Number(process.env["ESPALIER_RUNS"] ?? 1));
}
