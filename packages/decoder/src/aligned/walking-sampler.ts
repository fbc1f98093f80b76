import type { Matcher, TokenId } from "@espalier/grammar";
import { AlignedCore } from "./aligned-core.ts";
import type { AlignedDraw } from "./aligned-draw.ts";
import type { AlignedSamplerOptions } from "./aligned-options.ts";
import type { AlignedDrawOptions, AlignedSampler, AlignedStats } from "./aligned-sampler.ts";
import { consumeAllowed } from "./consume-allowed.ts";
import { DrawWork } from "./draw-work.ts";
import type { LocalDistribution } from "./local-distribution.ts";
import type { MassEstimate } from "./mass-estimate.ts";
import type { PrefixNode } from "./prefix-node.ts";
import { PrefixSession } from "./prefix-session.ts";
import { END, Proposal } from "./proposal.ts";
import { Turns } from "./turns.ts";

/** How a sampler walks. @internal */
export interface WalkRules {
  /** Whether what is known of masses shifts the proposals. */
  readonly isLearning: boolean;
  /** Whether a prefix that turns out to have less mass than it was drawn with is taken back with the probability of what it lacks. */
  readonly isRejecting: boolean;
}

interface Walk {
  readonly tokens: readonly TokenId[];
  readonly logProbability: number;
  readonly logWeight: number;
}

/** Draws by walking the trie of prefixes from the root to an end, one walk at a time. What differs is in the rules. @internal */
export class WalkingSampler implements AlignedSampler {
  readonly #core: AlignedCore;
  readonly #rules: WalkRules;
  readonly #session: PrefixSession;
  readonly #proposal = new Proposal();
  readonly #turns = new Turns();

  constructor(options: AlignedSamplerOptions, rules: WalkRules) {
    this.#core = new AlignedCore(options);
    this.#rules = rules;
    this.#session = new PrefixSession(options.model, options.prompt);
  }

  get seed(): number {
    return this.#core.random.seed;
  }

  get mass(): MassEstimate {
    return this.#core.estimator.estimate;
  }

  get stats(): AlignedStats {
    return this.#core.stats;
  }

  draw(options: AlignedDrawOptions = {}): Promise<AlignedDraw> {
    return this.#turns.take(() => this.#draw(new DrawWork(this.#core.options.maxSteps, options.signal)));
  }

  logUpperBound(tokens: readonly TokenId[]): number {
    return this.#core.trie.logUpperBound(tokens);
  }

  dispose(): void {
    this.#session.dispose();
  }

  async #draw(work: DrawWork): Promise<AlignedDraw> {
    const core = this.#core;
    for (let attempts = 1; ; attempts++) {
      core.refuseZeroMass();
      const { logUpper } = core.trie.root;
      const walk = await this.#walk(work);
      const { isRejecting } = this.#rules;
      // A walk that is accepted with the target's probability divided by the root's bound: the bound is its weight.
      core.estimator.add(walk === undefined ? -Infinity : isRejecting ? logUpper : walk.logWeight);
      core.trie.makeRoom();
      if (walk === undefined) continue;
      core.draws++;
      const { tokens, logProbability } = walk;
      const logWeight = isRejecting ? 0 : walk.logWeight;
      return { text: core.textOf(tokens), tokens, logProbability, logWeight, mass: this.mass, attempts };
    }
  }

  /** One walk to an end; undefined where it was rejected or there was no way on. */
  async #walk(work: DrawWork): Promise<Walk | undefined> {
    const { trie, random } = this.#core;
    const { isLearning, isRejecting } = this.#rules;
    const matcher = this.#core.newMatcher();
    const tokens: TokenId[] = [];
    let node = trie.root;
    let logProbability = 0;
    let logWeight = 0;
    this.#core.walks++;
    try {
      for (;;) {
        await work.step();
        this.#core.steps++;
        if (node.isDead) return undefined;
        const distribution = await this.#whatFollows(node, tokens, matcher, work.signal);
        this.#proposal.weigh(node, distribution, isLearning);
        const { logTotal } = this.#proposal;
        if (logTotal === -Infinity) return undefined;
        // The prefix was drawn with its bound; `logTotal` is what the bound would be now.
        if (isRejecting && Math.log(random.nextFloat64()) >= logTotal - node.logUpper) return undefined;
        const index = this.#proposal.draw(random);
        const logTaken = index === END ? distribution.logEnd : distribution.logProbabilities[index];
        logProbability += logTaken;
        logWeight += logTaken - this.#proposal.logProposal;
        if (index === END) return { tokens, logProbability, logWeight };
        const token = distribution.tokens[index];
        consumeAllowed(matcher, token);
        node = trie.step(node, distribution, index);
        tokens.push(token);
      }
    } finally {
      this.#core.settle([node]);
    }
  }

  async #whatFollows(
    node: PrefixNode,
    tokens: readonly TokenId[],
    matcher: Matcher,
    signal: AbortSignal | undefined,
  ): Promise<LocalDistribution> {
    const known = this.#core.known(node, matcher);
    if (known !== undefined) return known;
    return this.#core.learn(node, tokens, matcher, await this.#session.logitsAfter(tokens, signal));
  }
}
