import type { Attempt, ExampleReport } from "./evaluate-example.ts";
import { median } from "./median.ts";

/** What the attempts of one kind come to. */
export interface AttemptSummary {
  readonly objectsExact: number;
  readonly fieldsRight: number;
  /** Outputs that are not JSON, or that ajv (with formats) refuses for the schema. */
  readonly invalid: number;
  /** Medians for an example. */
  readonly median: Readonly<Record<MeasureName, number>>;
}

/** What the examples of a domain, or all of them, come to. */
export interface Summary {
  readonly exampleCount: number;
  readonly fieldCount: number;
  readonly unconstrained: AttemptSummary;
  readonly constrained: AttemptSummary;
}

const MEASURES = [
  "promptTokens",
  "outputTokens",
  "forcedTokens",
  "modelCalls",
  "totalMs",
  "compileMs",
  "modelMs",
  "maskMs",
] as const satisfies readonly (keyof Attempt)[];

type MeasureName = (typeof MEASURES)[number];

export function summarise(reports: readonly ExampleReport[]): Summary {
  return {
    exampleCount: reports.length,
    fieldCount: sum(reports, ({ constrained }) => constrained.fieldCount),
    unconstrained: summariseAttempts(reports.map((report) => report.unconstrained)),
    constrained: summariseAttempts(reports.map((report) => report.constrained)),
  };
}

/** A summary for each domain, in alphabetical order. */
export function summariseDomains(reports: readonly ExampleReport[]): Map<string, Summary> {
  const domains = [...new Set(reports.map(({ domain }) => domain))].sort();
  return new Map(domains.map((domain) => [domain, summarise(reports.filter((report) => report.domain === domain))]));
}

function summariseAttempts(attempts: readonly Attempt[]): AttemptSummary {
  const medians = MEASURES.map((name) => [name, median(attempts.map((attempt) => attempt[name]))]);
  return {
    objectsExact: attempts.filter(({ isExact }) => isExact).length,
    fieldsRight: sum(attempts, ({ fieldsRight }) => fieldsRight),
    invalid: attempts.filter(({ complaint }) => complaint !== undefined).length,
    median: Object.fromEntries(medians) as Record<MeasureName, number>,
  };
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
