import type { TokenId } from "@espalier/grammar";
import type { ModelSession } from "../models/model-session.ts";
import { AlignedCore } from "./aligned-core.ts";
import type { AlignedDraw } from "./aligned-draw.ts";
import type { AlignedDrawOptions, AlignedSampler, AlignedStats } from "./aligned-sampler.ts";
import { DrawWork } from "./draw-work.ts";
import type { MassEstimate } from "./mass-estimate.ts";
import { checkSmcOptions, type SmcSamplerOptions } from "./smc-options.ts";
import type { SmcPopulation, WeightedOutput } from "./smc-population.ts";
import { SmcRun } from "./smc-run.ts";
import { Turns } from "./turns.ts";

/**
 * Sequential Monte Carlo: a population of particles grows token by token, all in one model call, and is resampled where weights have drifted
 * apart (Del Moral, Doucet, Jasra: "Sequential Monte Carlo samplers", 2006; for language models, Lew et al.: "Sequential Monte Carlo
 * Steering of Large Language Models Using Probabilistic Programs", 2023). Its normaliser is an unbiased estimate of the mass of the language.
 *
 * What one population learns serves the next: bounds on prefixes, as {@link AsapSampler} learns them, are the targets on the way and
 * so even out the weights. They stand still during a run, which keeps its normaliser unbiased.
 *
 * `draw` hands out the particles of a population one after the other, in random order. They are weighted, and particles of one
 * population are not independent: texts repeat where it was resampled.
 */
export class SmcSampler implements AlignedSampler {
  readonly #core: AlignedCore;
  readonly #particles: number;
  readonly #resampleBelow: number;
  readonly #turns = new Turns();
  #base: ModelSession | undefined;
  #waiting: WeightedOutput[] = [];

  constructor(options: SmcSamplerOptions) {
    const { particles, resampleBelow } = checkSmcOptions(options);
    this.#core = new AlignedCore(options);
    this.#particles = particles;
    this.#resampleBelow = resampleBelow;
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
    return this.#turns.take(() => this.#draw(this.#work(options)));
  }

  /**
   * A whole population at once; `draw` goes on with its own.
   * @throws the errors of `draw`; a population of dead ends is a result (its normaliser is 0), unless it is known that no output has any
   *   probability
   */
  run(options: AlignedDrawOptions = {}): Promise<SmcPopulation> {
    return this.#turns.take(() => this.#run(this.#work(options)));
  }

  logUpperBound(tokens: readonly TokenId[]): number {
    return this.#core.trie.logUpperBound(tokens);
  }

  dispose(): void {
    this.#base?.dispose();
    this.#base = undefined;
  }

  #work({ signal }: AlignedDrawOptions): DrawWork {
    return new DrawWork(this.#core.options.maxSteps, signal);
  }

  async #draw(work: DrawWork): Promise<AlignedDraw> {
    let attempts = 1;
    for (; this.#waiting.length === 0; attempts++) {
      const { particles } = await this.#run(work);
      this.#waiting = this.#shuffled(particles);
    }
    const output = this.#waiting.pop()!;
    this.#core.draws++;
    return { ...output, mass: this.mass, attempts: Math.max(1, attempts - 1) };
  }

  async #run(work: DrawWork): Promise<SmcPopulation> {
    const core = this.#core;
    core.refuseZeroMass();
    const base = await this.#promptSession(work.signal);
    const run = new SmcRun({
      core,
      particles: this.#particles,
      resampleBelow: this.#resampleBelow,
      base,
      work,
    });
    const population = await run.toEnd();
    core.estimator.add(population.logNormaliser);
    core.trie.makeRoom();
    return population;
  }

  /** A session with all of the prompt but its last token, which is fed by whoever needs to know what follows. */
  async #promptSession(signal: AbortSignal | undefined): Promise<ModelSession> {
    const { model, prompt } = this.#core.options;
    if (this.#base !== undefined) return this.#base;
    const session = model.createSession();
    const tokens = prompt.slice(0, -1);
    if (tokens.length > 0) await session.feed(tokens, { positions: 0, signal });
    return (this.#base = session);
  }

  /** Fisher and Yates. */
  #shuffled(outputs: readonly WeightedOutput[]): WeightedOutput[] {
    const shuffled = [...outputs];
    for (let index = shuffled.length - 1; index > 0; index--) {
      const other = Math.floor(this.#core.random.nextFloat64() * (index + 1));
      [shuffled[index], shuffled[other]] = [shuffled[other], shuffled[index]];
    }
    return shuffled;
  }
}
