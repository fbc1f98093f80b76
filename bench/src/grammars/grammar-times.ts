import type { CaseResult } from "../masks/run-case.ts";
import { Histogram } from "../support/histogram.ts";
import type { GrammarReport } from "./print-grammar-reports.ts";

/** Adds up the outcomes of one engine on one grammar, or on all. */
export class GrammarTimes {
  readonly compileMs = new Histogram();
  readonly maskUs = new Histogram();
  readonly failures = new Map<string, { readonly kind: string; readonly why: string }>();

  add({ compileMs, tokenUs, failures }: CaseResult): void {
    if (compileMs !== undefined) this.compileMs.add(compileMs);
    for (const time of tokenUs) this.maskUs.add(time);
    for (const { kind, why } of failures) this.fail(kind, why);
  }

  /** The same failure in several rounds counts once. */
  fail(kind: string, why: string): void {
    this.failures.set(`${kind}: ${why}`, { kind, why });
  }

  report(grammar: string): GrammarReport {
    const { compileMs, maskUs, failures } = this;
    return {
      grammar,
      tokens: maskUs.count,
      compileMs: compileMs.summary(),
      maskUs: maskUs.summary(),
      failures: [...failures.values()],
    };
  }
}
