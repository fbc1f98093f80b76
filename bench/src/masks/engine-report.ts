import { Histogram, type Distribution } from "../support/histogram.ts";
import type { Outcome } from "../support/watched-process.ts";
import type { EngineName } from "./mask-engine.ts";
import type { MaskReply } from "./mask-worker.ts";
import type { FailureKind } from "./run-case.ts";

/** Engines that run in Python, by `bench:native`. */
export type NativeEngineName = "llguidance-native";

/** What `bench:masks` says of one engine. Error counts are of schemas; a schema can count under several. */
export interface EngineReport {
  readonly engine: EngineName | NativeEngineName;
  readonly schemas: number;
  /** Schemas on which every valid text was accepted and every invalid one refused. */
  readonly passing: number;
  readonly compileErrors: number;
  readonly validationErrors: number;
  readonly invalidationErrors: number;
  readonly crashes: number;
  readonly timeouts: number;
  readonly tokens: number;
  readonly maskUs: Distribution;
  readonly compileMs: Distribution;
  /** The largest resident size of the engine's process after a schema, vocabulary and tokenizer included. */
  readonly maxResidentMegabytes: number;
  /** Where the time goes: the schemas with the slowest masks (the slowest mask of each) and the slowest compilations. */
  readonly slowest: { readonly maskUs: readonly Slow[]; readonly compileMs: readonly Slow[] };
  readonly failures: readonly { readonly id: string; readonly kind: FailureKind; readonly why: string }[];
}

interface Slow {
  readonly id: string;
  readonly time: number;
}

const SLOWEST = 20;

/** Adds up the outcomes of one engine. */
export class EngineReportBuilder {
  readonly #engine: EngineName | NativeEngineName;
  readonly #timeLimitS: number;
  readonly #maskUs = new Histogram();
  readonly #compileMs = new Histogram();
  readonly #failures: { id: string; kind: FailureKind; why: string }[] = [];
  readonly #slowMasks: Slow[] = [];
  readonly #slowCompilations: Slow[] = [];
  #schemas = 0;
  #passing = 0;
  #maxResidentMegabytes = 0;

  constructor(engine: EngineName | NativeEngineName, timeLimitS: number) {
    this.#engine = engine;
    this.#timeLimitS = timeLimitS;
  }

  add(id: string, outcome: Outcome<MaskReply>): void {
    this.#schemas++;
    if (outcome.kind !== "reply") {
      const why = outcome.kind === "crash" ? outcome.why : `took more than ${this.#timeLimitS} s`;
      this.#failures.push({ id, kind: outcome.kind, why });
      return;
    }
    const { compileMs, tokenUs, failures, residentMegabytes } = outcome.reply;
    if (failures.length === 0) this.#passing++;
    for (const failure of failures) this.#failures.push({ id, ...failure });
    if (compileMs !== undefined) this.#compileMs.add(compileMs);
    for (const time of tokenUs) this.#maskUs.add(time);
    keepSlowest(this.#slowMasks, { id, time: tokenUs.reduce((most, time) => Math.max(most, time), 0) });
    keepSlowest(this.#slowCompilations, { id, time: compileMs ?? 0 });
    this.#maxResidentMegabytes = Math.max(this.#maxResidentMegabytes, residentMegabytes);
  }

  report(): EngineReport {
    const count = (kind: FailureKind): number => this.#failures.filter((failure) => failure.kind === kind).length;
    return {
      engine: this.#engine,
      schemas: this.#schemas,
      passing: this.#passing,
      compileErrors: count("compileError"),
      validationErrors: count("validationError"),
      invalidationErrors: count("invalidationError"),
      crashes: count("crash"),
      timeouts: count("timeout"),
      tokens: this.#maskUs.count,
      maskUs: this.#maskUs.summary(),
      compileMs: this.#compileMs.summary(),
      maxResidentMegabytes: this.#maxResidentMegabytes,
      slowest: { maskUs: this.#slowMasks, compileMs: this.#slowCompilations },
      failures: this.#failures,
    };
  }
}

function keepSlowest(list: Slow[], one: Slow): void {
  list.push(one);
  list.sort((a, b) => b.time - a.time);
  if (list.length > SLOWEST) list.pop();
}
