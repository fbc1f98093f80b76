import type { FeedRequest } from "../models/language-model.ts";
import type { ModelSession } from "../models/model-session.ts";
import type { AlignedCore } from "./aligned-core.ts";
import { consumeAllowed } from "./consume-allowed.ts";
import type { DrawWork } from "./draw-work.ts";
import type { LocalDistribution } from "./local-distribution.ts";
import { logSum } from "./log-space.ts";
import { descendant, type Particle } from "./particle.ts";
import type { PrefixNode } from "./prefix-node.ts";
import { END, Proposal } from "./proposal.ts";
import type { SmcPopulation } from "./smc-population.ts";
import { systematicResampling } from "./systematic-resampling.ts";

export interface SmcRunOptions {
  readonly core: AlignedCore;
  readonly particles: number;
  readonly resampleBelow: number;
  /** Has been fed all but the last token of the prompt. */
  readonly base: ModelSession;
  readonly work: DrawWork;
}

/**
 * One population, from the first token to the last end.
 *
 * The distribution after t tokens is p(prefix) × (the prefix's upper bound), bounds as they stood before the run. Particles draw the next token
 * in proportion to it, so that a particle's weight grows by (sum over what may follow) / (bound of the prefix), whatever is drawn.
 */
export class SmcRun {
  readonly #options: SmcRunOptions;
  readonly #proposal = new Proposal();
  #particles: Particle[] = [];
  #logFactor: number;
  #resamplings = 0;

  constructor(options: SmcRunOptions) {
    this.#options = options;
    this.#logFactor = options.core.trie.root.logUpper;
  }

  async toEnd(): Promise<SmcPopulation> {
    const { core, base, work, particles } = this.#options;
    for (let index = 0; index < particles; index++) {
      this.#particles.push({
        node: core.trie.root,
        matcher: core.newMatcher(),
        tokens: [],
        session: base.fork(),
        logProbability: 0,
        logWeight: 0,
        state: "running",
      });
    }
    core.walks += particles;
    const visited = new Set<PrefixNode>();
    try {
      for (;;) {
        const running = this.#particles.filter(({ state }) => state === "running");
        if (running.length === 0) return this.#population();
        for (const { node } of running) {
          await work.step();
          core.steps++;
          visited.add(node);
        }
        const distributions = await this.#whatFollows(running);
        for (const particle of running) this.#step(particle, distributions.get(particle.node)!);
        for (const { node } of running) visited.add(node);
        this.#resample();
      }
    } finally {
      core.settle(visited);
      for (const { session } of this.#particles) session.dispose();
    }
  }

  /** Asks the model, in one batch, about the prefixes of which it is not known what follows; each only once. */
  async #whatFollows(running: readonly Particle[]): Promise<Map<PrefixNode, LocalDistribution>> {
    const { core, work } = this.#options;
    const { model, prompt } = core.options;
    const distributions = new Map<PrefixNode, LocalDistribution>();
    const leaders = new Map<PrefixNode, Particle>();
    for (const particle of running) {
      const { node, matcher } = particle;
      if (distributions.has(node) || leaders.has(node)) continue;
      const known = core.known(node, matcher);
      if (known === undefined) leaders.set(node, particle);
      else distributions.set(node, known);
    }
    if (leaders.size === 0) return distributions;
    const asking = [...leaders.values()];
    const requests: FeedRequest[] = asking.map(({ session, tokens }) => ({
      session,
      tokens: [...prompt, ...tokens].slice(session.length),
    }));
    const answers = await model.feedBatch(requests, { signal: work.signal });
    for (const [row, { node, tokens, matcher }] of asking.entries()) {
      distributions.set(node, core.learn(node, tokens, matcher, answers[row][0]));
    }
    // Those at the same place need not be fed the same again.
    for (const particle of running) {
      const leader = leaders.get(particle.node);
      if (leader === undefined || leader === particle) continue;
      particle.session.dispose();
      particle.session = leader.session.fork();
    }
    return distributions;
  }

  #step(particle: Particle, distribution: LocalDistribution): void {
    const { trie, random } = this.#options.core;
    const { node } = particle;
    this.#proposal.weigh(node, distribution, true);
    const { logTotal } = this.#proposal;
    if (logTotal === -Infinity) {
      particle.state = "dead";
      particle.logWeight = -Infinity;
      return;
    }
    particle.logWeight += logTotal - node.logUpper;
    const index = this.#proposal.draw(random);
    if (index === END) {
      particle.logProbability += distribution.logEnd;
      particle.state = "ended";
      return;
    }
    const token = distribution.tokens[index];
    consumeAllowed(particle.matcher, token);
    particle.logProbability += distribution.logProbabilities[index];
    particle.tokens.push(token);
    particle.node = trie.step(node, distribution, index);
  }

  #resample(): void {
    const { resampleBelow, core } = this.#options;
    const particles = this.#particles;
    if (!particles.some(({ state }) => state === "running")) return;
    const { weights, effectiveSize, logMean } = this.#weights();
    if (effectiveSize >= resampleBelow * particles.length) return;
    this.#resamplings++;
    this.#logFactor += logMean;
    const ancestors = systematicResampling(weights, core.random.nextFloat64());
    this.#particles = Array.from(ancestors, (ancestor) => descendant(particles[ancestor]));
    for (const { session } of particles) session.dispose();
  }

  /** Relative to the largest. */
  #weights(): { weights: Float64Array; effectiveSize: number; logMean: number } {
    const logs = Float64Array.from(this.#particles, ({ logWeight }) => logWeight);
    const logTotal = logSum(logs, logs.length);
    const logMean = logTotal - Math.log(logs.length);
    if (logTotal === -Infinity) return { weights: logs.fill(0), effectiveSize: 0, logMean };
    const weights = logs.map((logWeight) => Math.exp(logWeight - logTotal));
    return { weights, effectiveSize: 1 / weights.reduce((sum, weight) => sum + weight * weight, 0), logMean };
  }

  #population(): SmcPopulation {
    const { core } = this.#options;
    const { effectiveSize, logMean } = this.#weights();
    const ended = this.#particles.filter(({ state }) => state === "ended");
    return {
      particles: ended.map(({ tokens, logProbability, logWeight }) => ({
        text: core.textOf(tokens),
        tokens,
        logProbability,
        logWeight: this.#logFactor + logWeight,
      })),
      logNormaliser: this.#logFactor + logMean,
      effectiveSize,
      resamplings: this.#resamplings,
    };
  }
}
