import { formatNumber, formatPercent, formatTable } from "../support/format-table.ts";
import type { ModeReport } from "./end-to-end.ts";
import type { OverheadReport } from "./pure-overhead.ts";

/** What the decoder does besides the model, in microseconds; the last column is a ratio within the run. */
export function printOverhead(reports: readonly OverheadReport[]): void {
  console.log("A model that takes no time, 128,256 logits: microseconds from logits to the next request for logits\n");
  const rows = reports
    .filter(({ isConstrained }) => isConstrained)
    .map((report) => {
      const free = reports.find(
        (other) => !other.isConstrained && other.scenario === report.scenario && other.sampling === report.sampling,
      )!;
      const numbers = [
        report.stepUs.p50,
        report.stepUs.p99,
        report.perTokenUs.p50,
        free.stepUs.p50,
        report.perTokenUs.p50! / free.perTokenUs.p50!,
      ];
      return [
        `${report.scenario}, ${report.sampling}`,
        String(report.tokens),
        formatPercent(report.forcedTokens, report.tokens),
        ...numbers.map((number) => formatNumber(number!)),
      ];
    });
  console.log(
    formatTable(["", "tokens", "forced", "step p50", "step p99", "per token", "free p50", "ratio per token"], rows),
  );
}

export function printEndToEnd(reports: readonly ModeReport[]): void {
  console.log("\nThe bundled model on held-out texts, greedy\n");
  const rows = reports.map((report) => [
    report.mode,
    String(report.tokens),
    formatPercent(report.forcedTokens, report.tokens),
    String(report.modelCalls),
    formatNumber(report.tokensPerSecond),
    formatPercent(report.shareOutsideModel, 1),
    formatNumber(report.speedRatio),
  ]);
  console.log(
    formatTable(["", "tokens", "forced", "model calls", "tokens/s", "outside the model", "speed ratio"], rows),
  );
}
