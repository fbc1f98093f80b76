import type { LanguageModel } from "../../../packages/decoder/src/index.ts";
import type { Matcher, TokenId } from "../../../packages/grammar/src/index.ts";
import type { AlignmentTask } from "./tasks.ts";

interface TreeNode {
  readonly isAccepting: boolean;
  readonly tokens: TokenId[];
  readonly children: TreeNode[];
  /** By child: log-probability of its token under the model. */
  logProbabilities: number[];
  logEnd: number;
}

/** An output, and its probability. */
export interface Outcome {
  readonly key: string;
  readonly logProbability: number;
}

export interface Divergence {
  /** KL(q ‖ target), in nats: how surprised the target is by what is drawn from q. */
  readonly fromProposal: number;
  /** KL(target ‖ q), in nats. */
  readonly fromTarget: number;
}

/**
 * A finite language spelled out: every sequence of at most `maxTokens` tokens, with the model's exact probability of each. The
 * model is asked once about every prefix of an output, by code that shares nothing with the samplers.
 */
export class ExactTarget {
  readonly #root: TreeNode;
  /** By its tokens joined with commas: log-probabilities that add up to 1. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Log of the mass that the model gives to the language. */
  readonly logMass: number;
  readonly prefixes: number;

  private constructor(root: TreeNode, prefixes: number) {
    this.#root = root;
    this.prefixes = prefixes;
    const outcomes = this.#distribution(() => 0, false);
    this.logMass = logSum(outcomes.map(({ logProbability }) => logProbability));
    this.outcomes = new Map(outcomes.map(({ key, logProbability }) => [key, logProbability - this.logMass]));
  }

  static async enumerate(
    task: AlignmentTask,
    model: LanguageModel,
    eosTokens: readonly TokenId[],
  ): Promise<ExactTarget> {
    const root = grow(task.constraint.matcher(), task.maxTokens, new Set(eosTokens));
    if (root === undefined) throw new Error(`${task.name}: no output has at most ${task.maxTokens} tokens.`);
    const session = model.createSession();
    let prefixes = 0;
    const weigh = async (node: TreeNode, logits: Float32Array): Promise<void> => {
      prefixes++;
      const logTotal = logSum(logits);
      node.logProbabilities = node.tokens.map((token) => logits[token] - logTotal);
      if (node.isAccepting) node.logEnd = logSum(eosTokens.map((token) => logits[token] - logTotal));
      for (const [index, child] of node.children.entries()) {
        const [next] = await session.feed([node.tokens[index]]);
        await weigh(child, next);
        session.rewind(1);
      }
    };
    const [logits] = await session.feed(task.prompt);
    await weigh(root, logits);
    session.dispose();
    return new ExactTarget(root, prefixes);
  }

  /** How far proposals are from the target that weigh every prefix by `logBound`, token by token. */
  divergence(logBound: (tokens: readonly TokenId[]) => number): Divergence {
    let fromProposal = 0;
    let fromTarget = 0;
    for (const { key, logProbability } of this.#distribution(logBound, true)) {
      const logTarget = this.outcomes.get(key)!;
      const proposal = Math.exp(logProbability);
      const target = Math.exp(logTarget);
      if (proposal > 0) fromProposal += proposal * (logProbability - logTarget);
      if (target > 0) fromTarget += target * (logTarget - logProbability);
    }
    return { fromProposal, fromTarget };
  }

  /** Probabilities of all outcomes under `p(token) × bound`, renormalised at each step or not. */
  #distribution(logBound: (tokens: readonly TokenId[]) => number, isNormalised: boolean): Outcome[] {
    const outcomes: Outcome[] = [];
    const visit = (node: TreeNode, tokens: readonly TokenId[], logProbability: number): void => {
      const steps = node.tokens.map((token, index) => node.logProbabilities[index] + logBound([...tokens, token]));
      const logTotal = isNormalised ? logSum([...steps, node.logEnd]) : 0;
      if (node.isAccepting)
        outcomes.push({ key: tokens.join(), logProbability: logProbability + node.logEnd - logTotal });
      for (const [index, child] of node.children.entries()) {
        visit(child, [...tokens, node.tokens[index]], logProbability + steps[index] - logTotal);
      }
    };
    visit(this.#root, [], 0);
    return outcomes;
  }
}

/** The tree of outputs; undefined when there is none. Masks without a budget: which prefixes fit is found by going there. */
function grow(matcher: Matcher, maxTokens: number, eosTokens: ReadonlySet<TokenId>): TreeNode | undefined {
  const node: TreeNode = {
    isAccepting: matcher.isAccepting(),
    tokens: [],
    children: [],
    logProbabilities: [],
    logEnd: -Infinity,
  };
  for (const token of maxTokens === 0 ? [] : matcher.allowed(Infinity)!) {
    if (eosTokens.has(token)) continue;
    matcher.consume(token);
    const child = grow(matcher, maxTokens - 1, eosTokens);
    matcher.rollback(1);
    if (child === undefined) continue;
    node.tokens.push(token);
    node.children.push(child);
  }
  return node.isAccepting || node.children.length > 0 ? node : undefined;
}

function logSum(values: ArrayLike<number>): number {
  let maximum = -Infinity;
  for (let index = 0; index < values.length; index++) maximum = Math.max(maximum, values[index]);
  if (maximum === -Infinity) return -Infinity;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += Math.exp(values[index] - maximum);
  return maximum + Math.log(sum);
}
