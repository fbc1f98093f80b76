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
  /** Whether a draw for which nothing had to be asked of the model is followed by a question where most mass is undecided. */
  readonly isExploring: boolean;
}

/** Share of the mass of the language, undecided, below which nothing more is asked for its own sake. */
const NEGLIGIBLE_SHARE = 1e-6;
/** Prefixes that need no model call and may be settled on the way to one question. */
const MAX_FREE_PREFIXES = 16;

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
  /** Whether the last draw came only to prefixes that it knew. */
  #isIdle = false;

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
    if (this.#isIdle && this.#rules.isExploring) await this.#explore(work.signal);
    this.#isIdle = true;
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
    if (!node.isExpanded) this.#isIdle = false;
    return this.#core.learn(node, tokens, matcher, await this.#session.logitsAfter(tokens, signal));
  }

  /**
   * Asks the model once, about the prefix behind which most mass is undecided. Nothing is drawn: bounds get tighter, and what
   * draws are worth under them stays right.
   */
  async #explore(signal: AbortSignal | undefined): Promise<void> {
    const { root } = this.#core.trie;
    if (logGap(root) - root.logUpper < Math.log(NEGLIGIBLE_SHARE)) return;
    this.#isIdle = true;
    for (let free = 0; this.#isIdle && free < MAX_FREE_PREFIXES; free++) {
      const path = await this.#mostUndecided(signal);
      if (path === undefined) return;
      const { node, tokens, matcher } = path;
      try {
        await this.#whatFollows(node, tokens, matcher, signal);
      } finally {
        this.#core.settle([node]);
      }
    }
  }

  /** The way down from the root to a prefix that was not looked at, by the larger gap between bounds each time. */
  async #mostUndecided(
    signal: AbortSignal | undefined,
  ): Promise<{ node: PrefixNode; tokens: TokenId[]; matcher: Matcher } | undefined> {
    const { trie } = this.#core;
    const matcher = this.#core.newMatcher();
    const tokens: TokenId[] = [];
    let node = trie.root;
    while (node.isExpanded) {
      const distribution = await this.#whatFollows(node, tokens, matcher, signal);
      const index = widestGap(node, distribution);
      if (index < 0) return undefined;
      consumeAllowed(matcher, distribution.tokens[index]);
      tokens.push(distribution.tokens[index]);
      node = trie.step(node, distribution, index);
    }
    return { node, tokens, matcher };
  }
}

/** The index of the token behind which most mass is neither known to be valid nor known not to be; -1 when all is known. */
function widestGap(node: PrefixNode, { tokens, logProbabilities }: LocalDistribution): number {
  let widest = -1;
  let most = -Infinity;
  for (let index = 0; index < tokens.length; index++) {
    const child = node.children?.get(tokens[index]);
    const gap = logProbabilities[index] + (child === undefined ? 0 : logGap(child));
    if (gap <= most) continue;
    most = gap;
    widest = index;
  }
  return widest;
}

/** The log of what is between the bounds of a prefix. */
function logGap({ logLower, logUpper }: PrefixNode): number {
  const share = -Math.expm1(logLower - logUpper);
  // Less than rounding is nothing.
  return logUpper === -Infinity || share < 1e-9 ? -Infinity : logUpper + Math.log(share);
}
