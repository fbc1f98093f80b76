import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ModeReport } from "./decode/end-to-end.ts";
import type { OverheadReport } from "./decode/pure-overhead.ts";
import type { EngineReport } from "./masks/engine-report.ts";
import { formatNumber, formatPercent } from "./support/format-table.ts";

// Writes the tables of docs/performance.md from what benches wrote with --json. A table whose file is not given stays as it is.
//   pnpm bench:tables --masks masks.json --native native.json --decode decode.json

const PAGE = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));

const { values } = parseArgs({
  options: { masks: { type: "string" }, native: { type: "string" }, decode: { type: "string" } },
});

let page = readFileSync(PAGE, "utf8");
if (values.masks !== undefined) {
  const { engines } = read(values.masks) as { engines: EngineReport[] };
  const native = values.native === undefined ? [] : (read(values.native) as { engines: EngineReport[] }).engines;
  const all = [...engines, ...native];
  const [first] = all;
  put(
    "masks",
    [
      "engine",
      "passing",
      "p50 µs",
      "avg µs",
      "p99 µs",
      "max µs",
      "avg, times the first",
      "compile p50 ms",
      "p99 ms",
      "MB",
    ],
    all.map(({ engine, passing, schemas, maskUs, compileMs, maxResidentMegabytes }) => [
      engine,
      formatPercent(passing, schemas),
      ...[maskUs.p50, maskUs.avg, maskUs.p99, maskUs.max].map(number),
      number(maskUs.avg! / first.maskUs.avg!),
      ...[compileMs.p50, compileMs.p99].map(number),
      String(maxResidentMegabytes),
    ]),
  );
}
if (values.decode !== undefined) {
  const { overhead, endToEnd } = read(values.decode) as { overhead: OverheadReport[]; endToEnd?: ModeReport[] };
  put(
    "overhead",
    ["text, sampling", "tokens", "forced", "step p50 µs", "µs a token", "unconstrained step p50 µs", "ratio a token"],
    overhead
      .filter(({ isConstrained }) => isConstrained)
      .map((report) => {
        const free = overhead.find(
          ({ isConstrained, scenario, sampling }) =>
            !isConstrained && scenario === report.scenario && sampling === report.sampling,
        )!;
        return [
          `${report.scenario}, ${report.sampling}`,
          String(report.tokens),
          formatPercent(report.forcedTokens, report.tokens),
          ...[report.stepUs.p50, report.perTokenUs.p50, free.stepUs.p50].map(number),
          number(report.perTokenUs.p50! / free.perTokenUs.p50!),
        ];
      }),
  );
  if (endToEnd !== undefined) {
    put(
      "model",
      ["", "tokens", "forced", "model calls", "tokens/s", "outside the model", "speed, times unconstrained"],
      endToEnd.map((report) => [
        report.mode,
        String(report.tokens),
        formatPercent(report.forcedTokens, report.tokens),
        String(report.modelCalls),
        number(report.tokensPerSecond),
        formatPercent(report.shareOutsideModel, 1),
        number(report.speedRatio),
      ]),
    );
  }
}
writeFileSync(PAGE, page);

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function number(value: number | null): string {
  return value === null ? "-" : formatNumber(value);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function put(name: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${PAGE} has no place for the table "${name}".`);
  const rule = line(head.map((_, column) => (column === 0 ? "---" : "---:")));
  const table = [line(head), rule, ...rows.map(line)].join("\n");
  page = `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}
