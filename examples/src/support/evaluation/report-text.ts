import { markdownTable } from "./markdown-table.ts";
import type { AttemptSummary, Summary } from "./summary.ts";

/** The figures as Markdown: what is printed, and what the model card holds. */
export function reportText(total: Summary, domains: ReadonlyMap<string, Summary>): string {
  return [
    overview(total),
    NOTES,
    byDomain(total, domains),
    "Medians for an example (wall-clock milliseconds, which depend on the machine and its load):",
    costs(total),
  ].join("\n\n");
}

const NOTES =
  "Object: the whole object equals the reference (the order of properties does not matter). Field: a leaf of the reference, by its JSON Pointer, has the same value in the output; what is missing or wrong counts as wrong, an empty array or object is one field. Invalid: not JSON, or refused by ajv with formats.";

function overview(total: Summary): string {
  const row = (title: string, attempts: AttemptSummary): string[] => [
    title,
    counted(attempts.objectsExact, total.exampleCount),
    counted(attempts.fieldsRight, total.fieldCount),
    counted(attempts.invalid, total.exampleCount),
  ];
  return markdownTable(
    ["", "objects right", "fields right", "invalid outputs"],
    [row("unconstrained", total.unconstrained), row("constrained", total.constrained)],
  );
}

function byDomain(total: Summary, domains: ReadonlyMap<string, Summary>): string {
  const rows = [...domains, ["total", total] as const].map(([title, summary]) => {
    const { exampleCount, fieldCount, unconstrained, constrained } = summary;
    return [
      title,
      String(exampleCount),
      percent(unconstrained.objectsExact, exampleCount),
      percent(constrained.objectsExact, exampleCount),
      percent(unconstrained.fieldsRight, fieldCount),
      percent(constrained.fieldsRight, fieldCount),
      percent(unconstrained.invalid, exampleCount),
      percent(constrained.invalid, exampleCount),
    ];
  });
  return markdownTable(
    [
      "domain",
      "examples",
      "objects, free",
      "constrained",
      "fields, free",
      "constrained",
      "invalid, free",
      "constrained",
    ],
    rows,
  );
}

function costs(total: Summary): string {
  return markdownTable(
    ["", "tokens", "of them forced", "model calls", "ms", "in the model", "compiling the schema", "token masks"],
    [costRow("unconstrained", total.unconstrained), costRow("constrained", total.constrained)],
  );
}

function costRow(title: string, { median }: AttemptSummary): string[] {
  return [
    title,
    ...[median.outputTokens, median.forcedTokens, median.modelCalls].map(String),
    ...[median.totalMs, median.modelMs, median.compileMs, median.maskMs].map(milliseconds),
  ];
}

function counted(part: number, whole: number): string {
  return `${percent(part, whole)} (${part} of ${whole})`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)}%`;
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
