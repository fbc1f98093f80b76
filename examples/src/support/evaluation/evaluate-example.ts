import {
  generate,
  json,
  LimitExceededError,
  type LoadedDiffusionModel,
  type LoadedModel,
  type Output,
  text,
  UnsatisfiableError,
  UnsupportedError,
} from "espalier";
import type { HeldOutExample } from "./held-out.ts";
import { score, type Score } from "./score.ts";

/** What one generation wrote, how right it is, and what it took. */
export interface Attempt extends Score {
  readonly text: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly forcedTokens: number;
  readonly modelCalls: number;
  /** Wall-clock milliseconds: in all, and of these compiling the schema, in the model, and for token masks. */
  readonly totalMs: number;
  readonly compileMs: number;
  readonly modelMs: number;
  readonly maskMs: number;
}

export interface ExampleReport {
  readonly id: string;
  readonly domain: string;
  readonly unconstrained: Attempt;
  readonly constrained: Attempt;
}

/**
 * Lets the model answer one example twice, from the same prompt and greedily: freely up to its end-of-text token or the
 * default token limit, and constrained by the schema with default options.
 */
export async function evaluateExample(
  model: LoadedModel | LoadedDiffusionModel,
  example: HeldOutExample,
): Promise<ExampleReport> {
  const constrained = json(example.schema);
  // With a constrained output the prompt helper says this by itself.
  const instruction = constrained.instruction() ?? "";
  return {
    id: example.id,
    domain: example.domain,
    unconstrained: await attempt(model, example, text(), [{ role: "system", content: instruction }]),
    constrained: await attempt(model, example, constrained, []),
  };
}

async function attempt(
  model: LoadedModel | LoadedDiffusionModel,
  example: HeldOutExample,
  output: Output<unknown>,
  before: readonly { readonly role: string; readonly content: string }[],
): Promise<Attempt> {
  const messages = [...before, { role: "user", content: example.text }];
  try {
    const { text: written, usage, timings } = await generate({ model, messages, output, temperature: 0 });
    const { totalMs, compileMs, modelMs, maskMs } = timings;
    return { text: written, ...score(example, written), ...usage, totalMs, compileMs, modelMs, maskMs };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const usage = { promptTokens: 0, outputTokens: 0, forcedTokens: 0, modelCalls: 0 };
    const timings = { totalMs: 0, compileMs: 0, modelMs: 0, maskMs: 0 };
    return { text: "", ...score(example, ""), complaint: `it was refused: ${error.message}`, ...usage, ...timings };
  }
}

/** An example that cannot be answered with this model (context or vocabulary too small) counts as wrong; it ends nothing. */
function isRefusal(error: unknown): error is Error {
  return (
    error instanceof LimitExceededError || error instanceof UnsatisfiableError || error instanceof UnsupportedError
  );
}
