import type { Outcome } from "../support/watched-process.ts";
import type { JudgeReply } from "./judge-worker.ts";
import type { WalkReply } from "./walk-worker.ts";

export type SoundnessFailureKind =
  | "invalid"
  | "deadEnd"
  | "overBudget"
  | "crash"
  | "timeout"
  | "compileError"
  | "refusedBudget"
  | "unjudged";

export interface SoundnessFailure {
  readonly id: string;
  readonly kind: SoundnessFailureKind;
  readonly why: string;
  /** The text that ajv refuses. */
  readonly text?: string;
}

export interface SoundnessReport {
  readonly schemas: number;
  /** Walks that were begun. */
  readonly walks: number;
  /** Finished walks that ajv looked at. */
  readonly judged: number;
  /** Finished walks with numbers that doubles do not hold, and whose rounded text Espalier refuses: nothing for ajv to say. */
  readonly inexact: number;
  /** Finished texts that ajv refuses. */
  readonly invalid: number;
  /** Walks that came to a mask without tokens. */
  readonly deadEnds: number;
  /** Walks with more tokens than the budget. */
  readonly overBudget: number;
  /** Schemas for which a matcher with the budget was refused. */
  readonly refusedBudgets: number;
  /** Schemas that Espalier refuses to compile. */
  readonly compileErrors: number;
  /** Walks that ended in an error, and processes that ended. */
  readonly crashes: number;
  /** Schemas whose walks took longer than the limit. */
  readonly timeouts: number;
  /** Schemas that ajv cannot compile, or on whose texts it hangs; their walks count, but not as judged. */
  readonly unjudgedSchemas: number;
  readonly failures: readonly SoundnessFailure[];
}

/** Adds up what became of each schema's walks. */
export class SoundnessReportBuilder {
  readonly #failures: SoundnessFailure[] = [];
  readonly #onFailure: (failure: SoundnessFailure) => void;
  #schemas = 0;
  #walks = 0;
  #judged = 0;
  #inexact = 0;

  constructor(onFailure: (failure: SoundnessFailure) => void) {
    this.#onFailure = onFailure;
  }

  /** Takes what became of the walks; the texts that have to be judged. */
  addWalks(id: string, outcome: Outcome<WalkReply>): string[] {
    this.#schemas++;
    if (outcome.kind !== "reply") {
      this.#fail({ id, kind: outcome.kind, why: outcome.kind === "crash" ? outcome.why : "the walks took too long" });
      return [];
    }
    if (outcome.reply.kind !== "walked") {
      this.#fail({ id, kind: outcome.reply.kind, why: outcome.reply.why });
      return [];
    }
    const texts: string[] = [];
    for (const walk of outcome.reply.walks) {
      this.#walks++;
      if (walk.kind === "finished") {
        if (walk.forAjv === undefined) this.#inexact++;
        else texts.push(walk.forAjv);
      } else {
        this.#fail({ id, kind: walk.kind, why: walk.why });
      }
    }
    return texts;
  }

  addVerdicts(id: string, texts: readonly string[], outcome: Outcome<JudgeReply>): void {
    if (outcome.kind !== "reply" || outcome.reply.kind !== "judged") {
      const why =
        outcome.kind === "reply"
          ? (outcome.reply as { why: string }).why
          : outcome.kind === "crash"
            ? outcome.why
            : "ajv takes too long";
      this.#fail({ id, kind: "unjudged", why });
      return;
    }
    outcome.reply.verdicts.forEach((why, index) => {
      this.#judged++;
      if (why !== undefined) this.#fail({ id, kind: "invalid", why, text: texts[index] });
    });
  }

  #fail(failure: SoundnessFailure): void {
    this.#failures.push(failure);
    this.#onFailure(failure);
  }

  report(): SoundnessReport {
    const count = (kind: SoundnessFailureKind): number =>
      this.#failures.filter((failure) => failure.kind === kind).length;
    return {
      schemas: this.#schemas,
      walks: this.#walks,
      judged: this.#judged,
      inexact: this.#inexact,
      invalid: count("invalid"),
      deadEnds: count("deadEnd"),
      overBudget: count("overBudget"),
      refusedBudgets: count("refusedBudget"),
      compileErrors: count("compileError"),
      crashes: count("crash"),
      timeouts: count("timeout"),
      unjudgedSchemas: count("unjudged"),
      failures: this.#failures,
    };
  }
}
