import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeToEnd, type DecodeResult } from "../../../packages/decoder/src/index.ts";
import { loadModel, signature } from "../../../packages/espalier/src/index.ts";
import { JsonSchema } from "../../../packages/schema/src/index.ts";

/** How the model was run. `free` writes as many tokens as `constrained` did. */
export const MODES = ["free", "constrained", "constrained, nothing forced"] as const;
export type Mode = (typeof MODES)[number];

export interface ModeReport {
  readonly mode: Mode;
  readonly tokens: number;
  readonly forcedTokens: number;
  readonly modelCalls: number;
  readonly tokensPerSecond: number;
  /** Of the whole time: masks, forced tokens, sampling, text, events. */
  readonly shareOutsideModel: number;
  /** Tokens per second, divided by those of `free`: the median over texts. */
  readonly speedRatio: number;
}

interface HeldOut {
  readonly schema: object;
  readonly text: string;
}

const ROUNDS = 5;

/** Tokens per second of the bundled model on held-out texts; modes take turns, so that a busy moment meets all of them. */
export async function measureEndToEnd(textCount: number): Promise<ModeReport[]> {
  const model = await loadModel();
  const { languageModel, vocabulary, tokenizer, chatTemplate } = model;
  const lines = readFileSync(join(model.folder, "heldout.jsonl"), "utf8").trim().split("\n");
  const cases = lines.slice(0, textCount).map((line) => JSON.parse(line) as HeldOut);
  const sums = new Map(MODES.map((mode) => [mode, { tokens: 0, forced: 0, calls: 0, totalMs: 0, modelMs: 0 }]));
  const ratios = new Map<Mode, number[]>(MODES.map((mode) => [mode, []]));
  for (const { schema, text } of cases) {
    const messages = [
      { role: "system", content: `Answer as JSON: ${signature(schema)}` },
      { role: "user", content: text },
    ];
    const prompt = tokenizer.encode(chatTemplate!.render(messages));
    const constraint = new JsonSchema(schema, { escapes: "minimal" }).constraint(vocabulary);
    const run = (mode: Mode, length: number): Promise<DecodeResult> =>
      decodeToEnd({
        model: languageModel,
        vocabulary,
        prompt,
        sampling: { temperature: 0 },
        jumpForward: mode === "constrained",
        // A free model may end early: ends of text count as text, so that both write equally much.
        ...(mode === "free"
          ? { maxTokens: length, eosTokens: [] }
          : { matcher: constraint.matcher({ maxTokens: 120 }) }),
      });
    const { tokens } = await run("constrained", 0);
    const speeds = new Map<Mode, number[]>(MODES.map((mode) => [mode, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const mode of MODES) {
        const result = await run(mode, tokens.length);
        const { totalMs, modelMs } = result.timings;
        speeds.get(mode)!.push(result.tokens.length / totalMs);
        const sum = sums.get(mode)!;
        sum.tokens += result.tokens.length;
        sum.forced += result.usage.forcedTokens;
        sum.calls += result.usage.modelCalls;
        sum.totalMs += totalMs;
        sum.modelMs += modelMs;
      }
    }
    for (const mode of MODES) ratios.get(mode)!.push(median(speeds.get(mode)!) / median(speeds.get("free")!));
  }
  await model.dispose();
  return MODES.map((mode) => {
    const { tokens, forced, calls, totalMs, modelMs } = sums.get(mode)!;
    return {
      mode,
      tokens,
      forcedTokens: forced,
      modelCalls: calls,
      tokensPerSecond: (1_000 * tokens) / totalMs,
      shareOutsideModel: 1 - modelMs / totalMs,
      speedRatio: median(ratios.get(mode)!),
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
