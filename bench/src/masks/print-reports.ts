import type { Distribution } from "../support/histogram.ts";
import { formatNumber, formatPercent, formatTable } from "../support/format-table.ts";
import type { EngineReport } from "./engine-report.ts";

const QUANTILES = [
  "avg",
  "p25",
  "p50",
  "p75",
  "p90",
  "p95",
  "p99",
  "p999",
  "max",
] as const satisfies readonly (keyof Distribution)[];

/** The tables that `bench:masks` prints: counts, times, and what the others take as multiples of the first engine's times. */
export function printReports(reports: readonly EngineReport[]): void {
  const tables = [
    formatTable(
      [
        "engine",
        "schemas",
        "passing",
        "%",
        "compile err",
        "valid refused",
        "invalid accepted",
        "crashes",
        "timeouts",
        "tokens",
        "max MB",
      ],
      reports.map((report) => [
        report.engine,
        ...[report.schemas, report.passing].map(String),
        formatPercent(report.passing, report.schemas),
        ...[
          report.compileErrors,
          report.validationErrors,
          report.invalidationErrors,
          report.crashes,
          report.timeouts,
          report.tokens,
          report.maxResidentMegabytes,
        ].map(String),
      ]),
    ),
    times("mask + consume, µs", reports, "maskUs"),
    times("compile + first mask, ms", reports, "compileMs"),
  ];
  const [first, ...others] = reports;
  if (others.length > 0) {
    tables.push(
      formatTable(
        [`times ${first.engine}`, "mask avg", "mask p50", "mask p99", "compile p50", "compile p99"],
        others.map(({ engine, maskUs, compileMs }) => [
          engine,
          ...(["avg", "p50", "p99"] as const).map((key) => ratio(maskUs[key], first.maskUs[key])),
          ...(["p50", "p99"] as const).map((key) => ratio(compileMs[key], first.compileMs[key])),
        ]),
      ),
    );
  }
  console.log(tables.join("\n\n"));
}

function times(title: string, reports: readonly EngineReport[], key: "maskUs" | "compileMs"): string {
  return formatTable(
    [title, ...QUANTILES],
    reports.map((report) => [
      report.engine,
      ...QUANTILES.map((quantile) => formatNumber(report[key][quantile] ?? NaN)),
    ]),
  );
}

function ratio(value: number | null, unit: number | null): string {
  return value === null || unit === null || unit === 0 ? "-" : `${formatNumber(value / unit)}x`;
}
