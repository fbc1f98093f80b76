import { DEAD } from "../automaton/automaton.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { TiedReference } from "../automaton/tied-reference.ts";
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
   * one, later ones get the new one, and the old one goes with its last matcher. The constraint does not keep the machine
   * alive either: once nobody else does, the automaton is made again for the next matcher.
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
  /** Without a way to renew it, the engine is kept; else it goes with the machine, once whoever owns that has let go of it. */
  #kept: TokenEngine | undefined;
  #tied: TiedReference<TokenEngine> | undefined;
  readonly #renew: (() => PushdownAutomaton) | undefined;
  readonly #subject: string;

  /** @throws UnsatisfiableError when no text is in the language, or the vocabulary can spell none. */
  constructor(options: ConstraintOptions) {
    const { automaton, vocabulary, subject = "the constraint" } = options;
    if (automaton.start === DEAD) {
      throw new UnsatisfiableError({ message: `No text satisfies ${subject}: the language is empty.` });
    }
    this.vocabulary = vocabulary;
    this.#renew = options.renew;
    this.#subject = subject;
    if (!this.#adopt(automaton).paths.canFinish(automaton.start)) {
      throw new UnsatisfiableError({
        message: `The vocabulary (${vocabulary.size} tokens) cannot spell any text that satisfies ${subject}.`,
        hint: "Check that the vocabulary belongs to the model and has tokens for the characters that are needed.",
      });
    }
  }

  get #engine(): TokenEngine {
    return this.#kept ?? this.#tied?.get() ?? this.#adopt(this.#renew!());
  }

  #adopt(automaton: PushdownAutomaton): TokenEngine {
    const engine = new TokenEngine(automaton, this.vocabulary);
    if (this.#renew === undefined) this.#kept = engine;
    else this.#tied = new TiedReference(automaton.machine, engine);
    return engine;
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
    let engine = this.#engine;
    if (engine.isFull && this.#renew !== undefined) engine = this.#adopt(this.#renew());
    if (maxTokens === undefined) return new TokenMatcher(engine);
    return new TokenMatcher(engine, maxTokens, this.#planWithin(engine, maxTokens));
  }

  /** A way to the end within the budget. */
  #planWithin({ automaton, paths }: TokenEngine, maxTokens: number): readonly TokenId[] {
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
