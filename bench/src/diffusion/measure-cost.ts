import { CanvasDistribution, Random } from "../../../packages/decoder/src/index.ts";
import {
  compileRegex,
  Constraint,
  PushdownAutomaton,
  RegexMachine,
  TermArena,
  type Vocabulary,
} from "../../../packages/grammar/src/index.ts";

export interface CostCase {
  readonly title: string;
  readonly vocabulary: Vocabulary;
  readonly positions: number;
  readonly states: number;
  readonly candidates: number | "all";
}

export interface Cost extends Omit<CostCase, "vocabulary"> {
  readonly vocabularySize: number;
  readonly edges: number;
  /** Milliseconds of processor time: the first canvas, edges of the constraint included. */
  readonly firstMs: number;
  /** One decoding step: the trellis and its most probable canvas. Median of some. */
  readonly stepMs: number;
  /** The same with forward, backward and all marginals. Median of some. */
  readonly posteriorStepMs: number;
}

const REPETITIONS = 7;

/** Times what the constraint takes of a step on an open canvas. Logits are random, so nothing is sure. */
export function measureCost({ vocabulary, ...shared }: CostCase): Cost {
  const { positions, states, candidates } = shared;
  const arena = new TermArena();
  // A count of characters: as many states as characters, each with a way on for every length of token.
  const term = compileRegex(arena, `[A-Za-z0-9 ,.'"-]{0,${states}}`, { match: "whole" });
  const machine = new RegexMachine(arena);
  const automaton = new PushdownAutomaton(machine, machine.frameOf(term));
  const constraint = new Constraint({ automaton, vocabulary });
  const random = new Random(1);
  const logits = Array.from({ length: positions }, () =>
    Float32Array.from({ length: vocabulary.size }, () => 10 * random.nextFloat64()),
  );
  const canvas = Array.from({ length: positions }, () => undefined);
  const step = (): CanvasDistribution => new CanvasDistribution({ constraint, canvas, logits, candidates });
  const [firstMs, distribution] = timed(() => {
    const first = step();
    first.mostProbable();
    return first;
  });
  const stepMs = median(() => step().mostProbable());
  const posteriorStepMs = median(() => {
    const each = step();
    each.mostProbable();
    for (let position = 0; position < positions; position++) each.marginals(position);
  });
  return {
    ...shared,
    vocabularySize: vocabulary.size,
    edges: distribution.edgeCount,
    firstMs,
    stepMs,
    posteriorStepMs,
  };
}

function timed<Result>(work: () => Result): [number, Result] {
  // Processor time, not wall time: other programs may be running.
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1_000, result];
}

function median(work: () => unknown): number {
  const times = Array.from({ length: REPETITIONS }, () => timed(work)[0]).sort((a, b) => a - b);
  return times[REPETITIONS >> 1];
}
