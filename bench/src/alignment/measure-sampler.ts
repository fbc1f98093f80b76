import type { AlignedSampler, LanguageModel } from "../../../packages/decoder/src/index.ts";
import type { ExactTarget } from "./exact-target.ts";

/** Where a sampler stands after some draws. */
export interface Checkpoint {
  readonly draws: number;
  readonly modelCalls: number;
  /** KL(proposal ‖ target) and KL(target ‖ proposal) of the next walk's proposal, before weights or rejection. */
  readonly klFromProposal: number;
  readonly klFromTarget: number;
  /** KL(draws so far ‖ target): their weighted frequencies. Not 0 for exact draws either, while they are few. */
  readonly klOfDraws: number;
}

export interface MeasureOptions {
  readonly sampler: AlignedSampler;
  readonly model: LanguageModel;
  readonly target: ExactTarget;
  /** Numbers of draws after which to look, ascending. */
  readonly checkpoints: readonly number[];
  /** Whether draws count by their weights. */
  readonly isWeighted: boolean;
  /** Whether what was learned shifts the proposals. */
  readonly isLearning: boolean;
}

export async function measureSampler(options: MeasureOptions): Promise<Checkpoint[]> {
  const { sampler, model, target, checkpoints, isWeighted, isLearning } = options;
  const before = model.stats.calls;
  const weights = new Map<string, number>();
  let heaviest = -Infinity;
  const found: Checkpoint[] = [];
  for (let draws = 1; draws <= checkpoints[checkpoints.length - 1]; draws++) {
    const { tokens, logWeight } = await sampler.draw();
    const log = isWeighted ? logWeight : 0;
    // Weights relative to the heaviest so far: absolute ones may be smaller than any double.
    if (log > heaviest) {
      for (const [key, weight] of weights) weights.set(key, weight * Math.exp(heaviest - log));
      heaviest = log;
    }
    const key = tokens.join();
    weights.set(key, (weights.get(key) ?? 0) + Math.exp(log - heaviest));
    if (!checkpoints.includes(draws)) continue;
    const modelCalls = model.stats.calls - before;
    const { fromProposal, fromTarget } = target.divergence(
      isLearning ? (prefix) => sampler.logUpperBound(prefix) : () => 0,
    );
    found.push({
      draws,
      modelCalls,
      klFromProposal: fromProposal,
      klFromTarget: fromTarget,
      klOfDraws: frequencyDivergence(weights, target),
    });
  }
  return found;
}

function frequencyDivergence(weights: ReadonlyMap<string, number>, target: ExactTarget): number {
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  let divergence = 0;
  for (const [key, weight] of weights) {
    if (weight > 0) divergence += (weight / sum) * (Math.log(weight / sum) - target.outcomes.get(key)!);
  }
  return divergence;
}
