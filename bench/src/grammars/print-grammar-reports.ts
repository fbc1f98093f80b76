import { formatNumber, formatTable } from "../support/format-table.ts";
import type { Distribution } from "../support/histogram.ts";

/** What `bench:grammars` says of one engine on one grammar, or on all of them. */
export interface GrammarReport {
  readonly grammar: string;
  readonly tokens: number;
  readonly compileMs: Distribution;
  readonly maskUs: Distribution;
  /** What went wrong; empty where every text was accepted or refused as it should be. */
  readonly failures: readonly { readonly kind: string; readonly why: string }[];
}

export interface EngineGrammarReport {
  readonly engine: string;
  readonly grammars: readonly GrammarReport[];
  readonly all: GrammarReport;
}

/** A table for each grammar and one over all, then the others' times as multiples of the first engine's, then the failures. */
export function printGrammarReports(reports: readonly EngineGrammarReport[]): void {
  const head = ["engine", "tokens", "compile ms", "mask avg µs", "p50", "p90", "p99", "max", "failures"];
  for (const [index, { grammar }] of reports[0].grammars.entries()) {
    console.log(
      `${formatTable(
        [grammar, ...head.slice(1)],
        reports.map((report) => row(report.engine, report.grammars[index])),
      )}\n`,
    );
  }
  console.log(
    `${formatTable(
      ["all grammars", ...head.slice(1)],
      reports.map((report) => row(report.engine, report.all)),
    )}\n`,
  );
  const [first, ...others] = reports;
  if (others.length > 0) {
    console.log(
      `${formatTable(
        [`times ${first.engine}`, "compile p50", "mask avg", "mask p50", "mask p99"],
        others.map(({ engine, all }) => [
          engine,
          ratio(all.compileMs.p50, first.all.compileMs.p50),
          ...(["avg", "p50", "p99"] as const).map((key) => ratio(all.maskUs[key], first.all.maskUs[key])),
        ]),
      )}\n`,
    );
  }
  for (const { engine, grammars } of reports) {
    for (const { grammar, failures } of grammars) {
      for (const { kind, why } of failures) console.log(`${engine}, ${grammar}: ${kind}: ${why}`);
    }
  }
}

function ratio(value: number | null, unit: number | null): string {
  return value === null || unit === null || unit === 0 ? "-" : `${formatNumber(value / unit)}x`;
}

function row(engine: string, { tokens, compileMs, maskUs, failures }: GrammarReport): string[] {
  return [
    engine,
    String(tokens),
    ...[compileMs.p50, maskUs.avg, maskUs.p50, maskUs.p90, maskUs.p99, maskUs.max].map((time) =>
      formatNumber(time ?? NaN),
    ),
    String(failures.length),
  ];
}
