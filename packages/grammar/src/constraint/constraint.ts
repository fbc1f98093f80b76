import { DEAD } from "../automaton/automaton.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { UnsatisfiableError } from "../errors/unsatisfiable-error.ts";
import { MaskCache } from "../mask/mask-cache.ts";
import type { MaskStats } from "../mask/mask-stats.ts";
import type { Matcher } from "../matcher/matcher.ts";
import { TokenMatcher } from "../matcher/token-matcher.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { SuccessorCache } from "./successor-groups.ts";
import { TokenPaths } from "./token-paths.ts";

export interface ConstraintOptions {
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
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
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
  readonly masks: MaskCache;
  readonly paths: TokenPaths;
  readonly successors: SuccessorCache;
  readonly #subject: string;

  /** @throws UnsatisfiableError when no text is in the language, or the vocabulary can spell none. */
  constructor(options: ConstraintOptions) {
    const { automaton, vocabulary, subject = "the constraint" } = options;
    if (automaton.start === DEAD) {
      throw new UnsatisfiableError({ message: `No text satisfies ${subject}: the language is empty.` });
    }
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.masks = new MaskCache(automaton, vocabulary);
    this.paths = new TokenPaths(automaton, vocabulary);
    this.successors = new SuccessorCache(automaton, this.paths);
    this.#subject = subject;
    if (!this.paths.canFinish(automaton.start)) {
      throw new UnsatisfiableError({
        message: `The vocabulary (${vocabulary.size} tokens) cannot spell any text that satisfies ${subject}.`,
        hint: "Check that the vocabulary belongs to the model and has tokens for the characters that are needed.",
      });
    }
  }

  /** Work done by the masks so far. */
  get stats(): Readonly<MaskStats> {
    return this.masks.stats;
  }

  /**
   * A cursor at the beginning of the text.
   * @throws LimitExceededError when `maxTokens` is too small; `needed` is the least number that would do (for regular
   * languages; otherwise a number that would do, of a known text).
   */
  matcher(options: MatcherOptions = {}): Matcher {
    const { maxTokens } = options;
    if (maxTokens === undefined) return new TokenMatcher(this);
    return new TokenMatcher(this, maxTokens, this.#planWithin(maxTokens));
  }

  /** A way to the end within the budget. */
  #planWithin(maxTokens: number): readonly TokenId[] {
    const known = this.paths.witness(this.automaton.start)!;
    if (known.length <= maxTokens) return known;
    let needed = known.length;
    try {
      const shortest = this.paths.shortest(this.automaton.start, known.length)!;
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
