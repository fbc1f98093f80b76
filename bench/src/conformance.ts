import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compareWithBaseline, readBaseline, writeBaseline } from "./conformance/baseline.ts";
import { runSuite, type FileResult } from "./conformance/run-suite.ts";
import { DRAFTS, suiteFolder, type Section } from "./conformance/suite.ts";
import { formatPercent, formatTable } from "./support/format-table.ts";
import { stopWithoutData } from "./support/stop-without-data.ts";
import { writeJson } from "./support/write-json.ts";

const SECTIONS: readonly Section[] = ["required", "optional", "format"];
const BASELINE = fileURLToPath(new URL("../conformance-baseline.json", import.meta.url));
const DEFAULT_SUITE = fileURLToPath(new URL("../../../shared/json-schema-test-suite.tar.gz", import.meta.url));

const { values } = parseArgs({
  options: {
    suite: { type: "string", default: DEFAULT_SUITE },
    json: { type: "string" },
    update: { type: "boolean", default: false },
    "time-limit-s": { type: "string", default: "20" },
    verbose: { type: "boolean", default: false },
  },
});

const suite = resolve(values.suite);
stopWithoutData(suite, "--suite DIR|TAR.GZ", "the official JSON Schema Test Suite");
const { files, failures } = await runSuite(suiteFolder(suite), 1_000 * Number(values["time-limit-s"]));
const names = failures.map((failure) => failure.name);
const { regressions, improvements } = compareWithBaseline(readBaseline(BASELINE), names);

const drafts = [...DRAFTS.keys()].map((draft) => {
  const ofDraft = files.filter((file) => file.draft === draft);
  const sums = Object.fromEntries(
    SECTIONS.map((section) => [section, sum(ofDraft.filter((file) => file.section === section))]),
  );
  return { draft, ...sums } as { draft: string } & Record<Section, { passed: number; total: number }>;
});

console.log(
  formatTable(
    [
      "draft",
      ...SECTIONS.flatMap((section) => [
        section === "required" ? "required" : `optional${section === "format" ? "/format" : ""}`,
        "%",
      ]),
    ],
    drafts.map((row) => [
      row.draft,
      ...SECTIONS.flatMap((section) => [
        `${row[section].passed}/${row[section].total}`,
        formatPercent(row[section].passed, row[section].total),
      ]),
    ]),
  ),
);
const shown = files.filter((file) => values.verbose || file.passed < file.total);
if (shown.length > 0) {
  console.log(
    `\n${formatTable(
      ["file", "passed"],
      shown.map((file) => [`${file.draft}/${file.file}`, `${file.passed}/${file.total}`]),
    )}`,
  );
}
if (values.verbose) for (const failure of failures) console.log(`FAIL ${failure.name}: ${failure.why}`);

writeJson(values.json, {
  drafts,
  files,
  failures,
  regressions,
  improvements,
});

if (improvements.length > 0)
  console.log(`\n${improvements.length} cases of the baseline pass now:\n  ${improvements.join("\n  ")}`);
if (values.update) {
  writeBaseline(BASELINE, names);
  console.log(`\nThe baseline has been rewritten: ${names.length} failing cases.`);
} else if (regressions.length > 0) {
  const why = new Map(failures.map((failure) => [failure.name, failure.why]));
  console.error(`\n${regressions.length} cases fail that are not in the baseline:`);
  for (const name of regressions) console.error(`  ${name}: ${why.get(name)}`);
  process.exitCode = 1;
} else {
  console.log(`\nNo regressions against the baseline (${names.length} failing cases are known).`);
}

function sum(results: readonly FileResult[]): { passed: number; total: number } {
  return {
    passed: results.reduce((total, file) => total + file.passed, 0),
    total: results.reduce((total, file) => total + file.total, 0),
  };
}
