import { completionOf } from "../automaton/completions.ts";
import { DEAD } from "../automaton/automaton.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { Constraint } from "../constraint/constraint.ts";
import { UnsatisfiableError } from "../errors/unsatisfiable-error.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { GrammarCompilation } from "./grammar-compilation.ts";
import type { GrammarMachine } from "./grammar-machine.ts";
import type { Grammar } from "./grammar.ts";
import type { GrammarReport } from "./grammar-report.ts";

export interface GrammarOptions {
  /** The vocabulary by which tokens that stand in the grammar are spelled. Needed for token numbers and negated tokens. */
  readonly vocabulary?: Vocabulary | undefined;
  /** Steps that compiling may take. @defaultValue 20,000,000 (some seconds) */
  readonly maxWork?: number | undefined;
  /** Symbols that all productions together may have. @defaultValue 2,000,000 */
  readonly maxSymbols?: number | undefined;
  /** Terms that the terminals may need. @defaultValue 4,000,000 */
  readonly maxTerms?: number | undefined;
  /** Steps of work that one byte may cause. @defaultValue 20,000,000 */
  readonly maxWorkPerByte?: number | undefined;
  /** Frames that texts may need, all texts together. @defaultValue 1,000,000 */
  readonly maxFrames?: number | undefined;
  /** Threads that the parser may keep, all texts together; about 10 bytes each. @defaultValue 20,000,000 */
  readonly maxThreads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A context-free grammar as a language. */
export class GrammarLanguage {
  /** Its start is dead when no text is in the language. */
  readonly automaton: PushdownAutomaton;
  readonly report: GrammarReport;
  readonly #machine: GrammarMachine;
  readonly #grammar: Grammar;
  readonly #renew: () => PushdownAutomaton;

  /**
   * Compiles at once: all rules are looked at, and whether they derive anything is decided. What texts may do is worked out as they
   * are read.
   * @throws InvalidInputError for rules that are not defined, and terminals that are not regular
   * @throws UnsupportedError for what is no longer context-free, and for embedded languages that were not replaced
   * @throws LimitExceededError when a limit is passed
   * @throws AbortedError when the signal fires
   */
  constructor(grammar: Grammar, options: GrammarOptions = {}) {
    const compilation = new GrammarCompilation(grammar, options);
    this.#grammar = grammar;
    this.#machine = compilation.machine;
    this.automaton = compilation.automaton;
    this.report = compilation.report;
    this.#renew = () => new GrammarCompilation(grammar, { ...options, signal: undefined }).automaton;
  }

  get isSatisfiable(): boolean {
    return this.automaton.start !== DEAD;
  }

  /** A short text of the language, or undefined when there is none. */
  get shortest(): string | undefined {
    if (!this.isSatisfiable) return undefined;
    return new TextDecoder().decode(completionOf(this.automaton, this.automaton.start));
  }

  /** What reading texts has made so far. */
  get stats(): GrammarMachine["stats"] {
    return this.#machine.stats;
  }

  /**
   * The grammar compiled against a vocabulary.
   * @throws UnsatisfiableError when the language is empty, or the vocabulary can spell none of its texts
   */
  constraint(vocabulary: Vocabulary): Constraint {
    if (!this.isSatisfiable) {
      throw new UnsatisfiableError({
        message: `No text is in the language of the grammar: the rule "${this.#grammar.start}" derives none.`,
        place: `rule ${this.#grammar.start}`,
        hint: `Rules that derive no text: ${this.report.unproductive.slice(0, 10).join(", ")}.`,
      });
    }
    return new Constraint({ automaton: this.automaton, vocabulary, subject: "the grammar", renew: this.#renew });
  }
}

/**
 * The automaton of a grammar.
 * @throws UnsatisfiableError when no text is in its language; otherwise as {@link GrammarLanguage}
 */
export function compileGrammar(grammar: Grammar, options: GrammarOptions = {}): PushdownAutomaton {
  const language = new GrammarLanguage(grammar, options);
  if (!language.isSatisfiable) {
    throw new UnsatisfiableError({
      message: `No text is in the language of the grammar: the rule "${grammar.start}" derives none.`,
      place: `rule ${grammar.start}`,
    });
  }
  return language.automaton;
}
