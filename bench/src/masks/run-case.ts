import type { Tokenizer } from "../../../packages/grammar/src/index.ts";
import type { SchemaCase } from "../support/schema-cases.ts";
import { describeError } from "../support/serve-requests.ts";
import type { CompiledSchema, EngineMatcher } from "./mask-engine.ts";

export type FailureKind = "compileError" | "validationError" | "invalidationError" | "crash" | "timeout";

export interface CaseResult {
  /** Time to the constraint and its first mask; undefined when the schema was refused. */
  readonly compileMs: number | undefined;
  /** For each token, the time of its mask and of moving over it. */
  readonly tokenUs: Float64Array;
  /** At most one of each kind. */
  readonly failures: readonly { readonly kind: FailureKind; readonly why: string }[];
}

/**
 * The procedure of MaskBench on one schema (or grammar): every valid text must be accepted token by token (each token in the mask, the end
 * of the text allowed after the last), every invalid one refused somewhere.
 */
export async function runCase(
  tests: SchemaCase["tests"],
  compile: () => CompiledSchema | Promise<CompiledSchema>,
  tokenizer: Tokenizer,
): Promise<CaseResult> {
  const failures = new Map<FailureKind, string>();
  const tokenUs: number[] = [];
  const failed = (kind: FailureKind, why: string): void => {
    if (!failures.has(kind)) failures.set(kind, why);
  };
  const result = (compileMs: number | undefined): CaseResult => ({
    compileMs,
    tokenUs: Float64Array.from(tokenUs),
    failures: [...failures].map(([kind, why]) => ({ kind, why })),
  });

  let compiled: CompiledSchema;
  let matcher: EngineMatcher | undefined;
  let compileMs: number;
  const start = process.hrtime.bigint();
  try {
    compiled = await compile();
    matcher = await compiled.matcher();
    await matcher.computeMask();
    compileMs = microsecondsSince(start) / 1_000;
  } catch (error) {
    rethrowFatal(error);
    failed("compileError", describeError(error));
    return result(undefined);
  }
  for (const [index, { valid, text }] of tests.entries()) {
    const tokens = tokenizer.encode(text);
    try {
      // The matcher of the first mask serves the first text.
      matcher ??= await compiled.matcher();
      const accepted = await walk(matcher, tokens, tokenUs);
      if (valid && accepted !== tokens.length + 1) {
        failed("validationError", `valid text ${index} is refused at ${describePlace(tokenizer, tokens, accepted)}`);
      }
      if (!valid && accepted === tokens.length + 1)
        failed("invalidationError", `invalid text ${index} is accepted: ${shorten(text)}`);
    } catch (error) {
      rethrowFatal(error);
      failed("crash", `text ${index} (${valid ? "valid" : "invalid"}): ${describeError(error)}`);
    } finally {
      matcher?.dispose?.();
      matcher = undefined;
    }
  }
  compiled.dispose?.();
  return result(compileMs);
}

/** How many of the tokens, and then the end of the text, were allowed. */
async function walk(matcher: EngineMatcher, tokens: readonly number[], tokenUs: number[]): Promise<number> {
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    const start = process.hrtime.bigint();
    const pending = matcher.computeMask();
    if (pending !== undefined) await pending;
    const allowed = matcher.isAllowed(token);
    const consumed = allowed && matcher.consume(token);
    tokenUs.push(microsecondsSince(start));
    if (!allowed) return index;
    if (!consumed)
      throw new Error(`the mask allows token ${token} (the text's token ${index}), but it cannot be consumed`);
  }
  return tokens.length + ((await matcher.mayEnd()) ? 1 : 0);
}

function microsecondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1_000;
}

/** After a trap a WebAssembly instance is good for nothing: the process has to go. */
function rethrowFatal(error: unknown): void {
  if (error instanceof Error && error.name === "RuntimeError") throw error;
}

function describePlace(tokenizer: Tokenizer, tokens: readonly number[], at: number): string {
  const before = tokenizer.decode(tokens.slice(0, at));
  const here = at === tokens.length ? "its end" : `token ${at} ${JSON.stringify(tokenizer.decode([tokens[at]]))}`;
  return `${here} after ${JSON.stringify(before.slice(-120))}`;
}

function shorten(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 240)}…${text.slice(-50)}`;
}
