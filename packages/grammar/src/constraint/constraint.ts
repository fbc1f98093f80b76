import { DEAD } from "../automaton/automaton.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { UnsatisfiableError } from "../errors/unsatisfiable-error.ts";
import type { MaskStats } from "../mask/mask-stats.ts";
import type { Matcher } from "../matcher/matcher.ts";
import { TokenMatcher } from "../matcher/token-matcher.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { TokenEngine } from "./token-engine.ts";

export interface ConstraintOptions {
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
  /**
   * Makes the automaton again, from scratch, when what is remembered of it has grown too large: matchers that live keep the old
   * one, later ones get the new one, and the old one goes with its last matcher.
   * @defaultValue the automaton is kept for good
   */
  readonly renew?: (() => PushdownAutomaton) | undefined;
  /** What the language is, for error messages: "the schema", "the regular expression". @defaultValue "the constraint" */
  readonly subject?: string | undefined;
}

export interface MatcherOptions {
  /**
   * The most tokens that the output may have, the end-of-sequence token not counted. Masks then allow only what can still be
   * completed in time.
   * @defaultValue no limit
   */
  readonly maxTokens?: number | undefined;
}

/** An automaton compiled against a vocabulary: immutable but for its caches, shared by any number of matchers. */
export class Constraint {
  readonly vocabulary: Vocabulary;
  #engine: TokenEngine;
  readonly #renew: (() => PushdownAutomaton) | undefined;
  readonly #subject: string;

  /** @throws UnsatisfiableError when no text is in the language, or the vocabulary can spell none. */
  constructor(options: ConstraintOptions) {
    const { automaton, vocabulary, subject = "the constraint" } = options;
    if (automaton.start === DEAD) {
      throw new UnsatisfiableError({ message: `No text satisfies ${subject}: the language is empty.` });
    }
    this.vocabulary = vocabulary;
    this.#engine = new TokenEngine(automaton, vocabulary);
    this.#renew = options.renew;
    this.#subject = subject;
    if (!this.#engine.paths.canFinish(automaton.start)) {
      throw new UnsatisfiableError({
        message: `The vocabulary (${vocabulary.size} tokens) cannot spell any text that satisfies ${subject}.`,
        hint: "Check that the vocabulary belongs to the model and has tokens for the characters that are needed.",
      });
    }
  }

  /** The automaton that the next matcher will use. */
  get automaton(): PushdownAutomaton {
    return this.#engine.automaton;
  }

  /** Work done by the masks so far, of all constraints that share them. */
  get stats(): Readonly<MaskStats> {
    return this.#engine.masks.stats;
  }

  /**
   * A cursor at the beginning of the text.
   * @throws LimitExceededError when `maxTokens` is too small; `needed` is the least number that would do (for regular
   * languages; otherwise a number that would do, of a known text).
   */
  matcher(options: MatcherOptions = {}): Matcher {
    const { maxTokens } = options;
    if (this.#engine.isFull && this.#renew !== undefined)
      this.#engine = new TokenEngine(this.#renew(), this.vocabulary);
    if (maxTokens === undefined) return new TokenMatcher(this.#engine);
    return new TokenMatcher(this.#engine, maxTokens, this.#planWithin(maxTokens));
  }

  /** A way to the end within the budget. */
  #planWithin(maxTokens: number): readonly TokenId[] {
    const { automaton, paths } = this.#engine;
    const known = paths.witness(automaton.start)!;
    if (known.length <= maxTokens) return known;
    let needed = known.length;
    try {
      const shortest = paths.shortest(automaton.start, known.length)!;
      if (shortest.length <= maxTokens) return shortest;
      needed = shortest.length;
    } catch (error) {
      if (!(error instanceof LimitExceededError)) throw error;
    }
    throw new LimitExceededError({
      message: `maxTokens (${maxTokens}) is too small: ${this.#subject} needs at least ${needed} tokens.`,
      limit: "maxTokens",
      allowed: maxTokens,
      needed,
      hint: `Allow at least ${needed} tokens.`,
    });
  }

  toString(): string {
    return `Constraint(${this.automaton.toString()}, ${this.vocabulary.toString()})`;
  }
}
