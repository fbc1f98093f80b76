import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";

/**
 * A context-free grammar, the one form that every notation and the combinators lower to.
 *
 * Without {@link Grammar.lexing} it is scannerless: a text is in the language when the start rule derives it, character by
 * character, and every split into rules counts (GBNF, EBNF). With it, the text is first cut into terminals (Lark).
 */
export interface Grammar {
  /** The name of the rule that derives whole texts. */
  readonly start: string;
  /** By name, in the order in which they were written. */
  readonly rules: ReadonlyMap<string, GrammarRule>;
  readonly lexing?: Lexing | undefined;
  /** Where the grammar reads otherwise than its author may think; nothing that the language depends on. */
  readonly notes?: readonly GrammarNote[] | undefined;
}

/** A remark of a notation's reader, such as "The terminal _INDENT is declared without a definition, and matches nothing." */
export interface GrammarNote {
  readonly message: string;
  readonly place?: SourcePlace | undefined;
}

export interface GrammarRule {
  readonly name: string;
  readonly expression: Expression;
  /** A terminal is regular: it refers only to other terminals, and never to itself. @defaultValue false */
  readonly isTerminal?: boolean | undefined;
  /** Of terminals with an equally long match the one with the higher priority wins. Only of use with lexing. @defaultValue 0 */
  readonly priority?: number | undefined;
  /** Where the rule was written, for error messages. */
  readonly place?: SourcePlace | undefined;
}

/**
 * How texts are cut into terminals: at each place, of the terminals that the parser expects there and the ignored ones, the
 * one with the longest match; among equals the highest priority, then literals before patterns, then the one whose longest text is longer, the longer pattern, the
 * one whose name comes first. Literals and regexes that stand directly in a rule that is not a terminal are terminals without a name.
 */
export interface Lexing {
  /** Names of terminals that may stand between any two others, and before the first and after the last. */
  readonly ignored: readonly string[];
}

/** A place in the text of a notation; both numbers count from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** What a rule may derive. Texts are Unicode; automata read their UTF-8 bytes. */
export type Expression =
  | EmptyExpression
  | LiteralExpression
  | CharactersExpression
  | RegexExpression
  | ReferenceExpression
  | SequenceExpression
  | ChoiceExpression
  | RepeatExpression
  | ExceptExpression
  | IntersectExpression
  | TokenExpression
  | EmbeddedExpression
  | AutomatonExpression;

/** The empty text. */
export interface EmptyExpression {
  readonly kind: "empty";
}

export interface LiteralExpression {
  readonly kind: "literal";
  readonly text: string;
  /** @defaultValue false */
  readonly ignoreCase?: boolean | undefined;
}

/** One character of a set. */
export interface CharactersExpression {
  readonly kind: "characters";
  /** Code points, both ends included; ascending and disjoint. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** True for every character but these. @defaultValue false */
  readonly negated?: boolean | undefined;
}

/** A text that an ECMA-262 pattern matches as a whole. */
export interface RegexExpression {
  readonly kind: "regex";
  readonly source: string;
  readonly flags: string;
}

export interface ReferenceExpression {
  readonly kind: "reference";
  readonly rule: string;
  readonly place?: SourcePlace | undefined;
}

export interface SequenceExpression {
  readonly kind: "sequence";
  readonly items: readonly Expression[];
}

export interface ChoiceExpression {
  readonly kind: "choice";
  readonly alternatives: readonly Expression[];
}

export interface RepeatExpression {
  readonly kind: "repeat";
  readonly item: Expression;
  readonly min: number;
  /** @defaultValue no limit */
  readonly max?: number | undefined;
}

/** Texts of `item` that are not texts of `without`, which must be regular. */
export interface ExceptExpression {
  readonly kind: "except";
  readonly item: Expression;
  readonly without: Expression;
}

/** Texts of `item` that are also texts of `and`, which must be regular. */
export interface IntersectExpression {
  readonly kind: "intersect";
  readonly item: Expression;
  readonly and: Expression;
}

/**
 * One token of the vocabulary: by its text, such as `<think>`, or by its number. It stands for the text by which the vocabulary
 * spells it, since automata read bytes.
 */
export interface TokenExpression {
  readonly kind: "token";
  readonly token: string | number;
  /** True for every token but this one. @defaultValue false */
  readonly negated?: boolean | undefined;
}

/** A text of another kind of language, which a package above this one turns into an {@link AutomatonExpression}. */
export interface EmbeddedExpression {
  readonly kind: "embedded";
  /** Such as "json-schema". */
  readonly language: string;
  readonly content: unknown;
  readonly place?: SourcePlace | undefined;
}

/**
 * A text of another automaton. Where that automaton can both end and go on before a byte, it goes on: the longest match.
 */
export interface AutomatonExpression {
  readonly kind: "automaton";
  readonly automaton: PushdownAutomaton;
  /** For diagrams and messages. */
  readonly description: string;
}
