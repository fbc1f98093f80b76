import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** The cases that are known to fail: a sorted list of names. */
export type Baseline = readonly string[];

export function readBaseline(path: string): Baseline {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as string[]) : [];
}

export function writeBaseline(path: string, failing: Iterable<string>): void {
  writeFileSync(path, `${JSON.stringify([...failing].sort(), null, 2)}\n`);
}

/** What fails now and did not, and what did and does no longer. */
export function compareWithBaseline(
  baseline: Baseline,
  failing: Iterable<string>,
): { regressions: string[]; improvements: string[] } {
  const before = new Set(baseline);
  const now = new Set(failing);
  return {
    regressions: [...now].filter((name) => !before.has(name)).sort(),
    improvements: baseline.filter((name) => !now.has(name)),
  };
}
