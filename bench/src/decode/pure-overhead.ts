import { decodeToEnd, type SamplingOptions } from "../../../packages/decoder/src/index.ts";
import { InvalidInputError, type Vocabulary } from "../../../packages/grammar/src/index.ts";
import { JsonSchema } from "../../../packages/schema/src/index.ts";
import { Histogram, type Distribution } from "../support/histogram.ts";
import { InstantModel } from "./instant-model.ts";
import type { Scenario } from "./scenarios.ts";

export interface OverheadReport {
  readonly scenario: string;
  readonly sampling: string;
  readonly isConstrained: boolean;
  readonly tokens: number;
  readonly forcedTokens: number;
  /** From the model's logits to the next request for logits, in microseconds, by model call: all that is not the model. */
  readonly stepUs: Distribution;
  /** The same, by token of output; forced tokens come without a model call. */
  readonly perTokenUs: Distribution;
}

export interface OverheadOptions {
  readonly vocabulary: Vocabulary;
  readonly scenarios: readonly Scenario[];
  readonly samplings: Readonly<Record<string, SamplingOptions>>;
  readonly repetitions: number;
}

/** The decoder's own work with a model that takes no time. The first repetitions warm caches and compilers and do not count. */
export async function measureOverhead(options: OverheadOptions): Promise<OverheadReport[]> {
  const { vocabulary, scenarios, samplings, repetitions } = options;
  const { tokenizer } = vocabulary;
  if (tokenizer === undefined) throw new InvalidInputError({ message: "The vocabulary has no tokenizer." });
  const model = new InstantModel(vocabulary.size, vocabulary.eosTokens[0]);
  const reports: OverheadReport[] = [];
  for (const { name, schema, text } of scenarios) {
    const constraint = new JsonSchema(schema, { escapes: "minimal" }).constraint(vocabulary);
    model.script = tokenizer.encode(text);
    for (const [sampling, samplingOptions] of Object.entries(samplings)) {
      for (const isConstrained of [true, false]) {
        const stepUs = new Histogram();
        const perTokenUs = new Histogram();
        let counts = { tokens: 0, forcedTokens: 0 };
        const warmUps = Math.ceil(repetitions / 2);
        for (let round = -warmUps; round < repetitions; round++) {
          model.stepMs.length = 0;
          const { tokens, usage } = await decodeToEnd({
            model,
            vocabulary,
            prompt: [0],
            matcher: isConstrained ? constraint.matcher({ maxTokens: 4 * model.script.length + 100 }) : undefined,
            sampling: { seed: 1, ...samplingOptions },
            maxTokens: isConstrained ? undefined : model.script.length,
          });
          if (round < 0) continue;
          counts = { tokens: tokens.length, forcedTokens: usage.forcedTokens };
          for (const ms of model.stepMs) stepUs.add(1_000 * ms);
          const total = model.stepMs.reduce((sum, ms) => sum + ms, 0);
          perTokenUs.add((1_000 * total) / tokens.length);
        }
        reports.push({
          scenario: name,
          sampling,
          isConstrained,
          ...counts,
          stepUs: stepUs.summary(),
          perTokenUs: perTokenUs.summary(),
        });
      }
    }
  }
  return reports;
}
