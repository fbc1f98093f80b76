import { UnsatisfiableError, type Matcher, type TokenId } from "@espalier/grammar";
import { OutputText } from "../autoregressive/output-text.ts";
import { Random } from "../sampling/random.ts";
import type { AlignedStats } from "./aligned-sampler.ts";
import { checkAlignedOptions, type AlignedSamplerOptions, type CheckedOptions } from "./aligned-options.ts";
import type { LocalDistribution } from "./local-distribution.ts";
import { NOTHING_FOLLOWS } from "./local-distribution.ts";
import { MassEstimator } from "./mass-estimator.ts";
import type { PrefixNode } from "./prefix-node.ts";
import { PrefixTrie } from "./prefix-trie.ts";
import { TokenMass } from "./token-mass.ts";

/** What all aligned samplers are made of: options, what was learned, the random stream, counters. */
export class AlignedCore {
  readonly options: CheckedOptions;
  readonly trie: PrefixTrie;
  readonly random: Random;
  readonly estimator: MassEstimator = new MassEstimator();
  draws = 0;
  walks = 0;
  steps = 0;
  readonly #mass: TokenMass;

  constructor(options: AlignedSamplerOptions) {
    this.options = checkAlignedOptions(options);
    this.trie = new PrefixTrie(this.options.maxPrefixes, this.options.maxCachedBytes);
    this.random = new Random(options.sampling?.seed ?? Random.freshSeed());
    this.#mass = new TokenMass(this.options);
  }

  get stats(): AlignedStats {
    const { draws, walks, steps, trie } = this;
    const { size, forgotten, cachedBytes } = trie;
    return { draws, walks, steps, prefixes: size, forgottenPrefixes: forgotten, cachedBytes };
  }

  /** A cursor at the beginning, which a walk moves along. */
  newMatcher(): Matcher {
    const { constraint, budget, maxTokens } = this.options;
    return budget === "masked" ? constraint.matcher({ maxTokens }) : constraint.matcher();
  }

  /** What follows, where it is known without asking the model. */
  known(node: PrefixNode, matcher: Matcher): LocalDistribution | undefined {
    if (node.depth < this.options.maxTokens || matcher.isAccepting()) return this.trie.recall(node);
    this.trie.expand(node, NOTHING_FOLLOWS);
    return NOTHING_FOLLOWS;
  }

  /** What follows, from the model's logits. */
  learn(node: PrefixNode, tokens: readonly TokenId[], matcher: Matcher, logits: Float32Array): LocalDistribution {
    const distribution = this.#mass.after(logits, tokens, matcher);
    this.trie.expand(node, distribution);
    return distribution;
  }

  /** Brings walks into what is known. */
  settle(ends: Iterable<PrefixNode>): void {
    this.trie.settle(ends);
    const { logLower, logUpper } = this.trie.root;
    this.estimator.bound(logLower, logUpper);
  }

  /** @throws UnsatisfiableError when it is known that no output has any probability */
  refuseZeroMass(): void {
    if (!this.trie.root.isDead) return;
    const { maxTokens } = this.options;
    throw new UnsatisfiableError({
      message: `The model gives no probability to any output of the constraint of at most ${maxTokens} tokens.`,
      place: "constraint",
      hint: "Truncation (topK, topP, minP) or a low temperature may have removed what the constraint needs; or allow more tokens.",
    });
  }

  textOf(tokens: readonly TokenId[]): string {
    const text = new OutputText(this.options.vocabulary, []);
    for (const token of tokens) text.push(token);
    text.end();
    return text.text;
  }
}
