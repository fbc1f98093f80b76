export { EspalierError, type EspalierErrorFields } from "./errors/espalier-error.ts";
export { AbortedError } from "./errors/aborted-error.ts";
export { InvalidInputError } from "./errors/invalid-input-error.ts";
export { LimitExceededError, type LimitExceededErrorFields } from "./errors/limit-exceeded-error.ts";
export { ModelError } from "./errors/model-error.ts";
export { UnsatisfiableError } from "./errors/unsatisfiable-error.ts";
export { UnsupportedError } from "./errors/unsupported-error.ts";

export { Interruption } from "./budget/interruption.ts";
export { sorted } from "./budget/sorted.ts";
export { allSteps, part, type Steps } from "./budget/steps.ts";
export { WorkBudget, type WorkBudgetOptions } from "./budget/work-budget.ts";

export type { TokenId } from "./vocabulary/token-id.ts";
export type { Tokenizer } from "./vocabulary/tokenizer.ts";
export { TokenTrie } from "./vocabulary/token-trie.ts";
export { Vocabulary, type VocabularyOptions, type VocabularyParts } from "./vocabulary/vocabulary.ts";
export { configuredEndTokens } from "./vocabulary/end-tokens.ts";
export { loadVocabulary } from "./vocabulary/load-vocabulary.ts";
export { tokenizerFromJson } from "./vocabulary/tokenizer-from-json.ts";
export {
  loadVocabularyIndex,
  saveVocabularyIndex,
  type LoadVocabularyIndexOptions,
} from "./vocabulary/vocabulary-index-file.ts";
export { vocabularyFromBytes } from "./vocabulary/vocabulary-from-bytes.ts";
export { vocabularyFromTiktoken } from "./vocabulary/vocabulary-from-tiktoken.ts";
export { vocabularyFromTokenizerJson } from "./vocabulary/vocabulary-from-tokenizer-json.ts";

export { BytePartitionTable, TRIVIAL_PARTITION } from "./regex/byte-partition-table.ts";
export type { ByteMachine } from "./regex/byte-machine.ts";
export { EMPTY, EPSILON, type Term } from "./regex/term.ts";
export { TermArena, type TermArenaOptions, type TermArenaStats } from "./regex/term-arena.ts";

export { DEAD, type Automaton, type State } from "./automaton/automaton.ts";
export { TiedReference } from "./automaton/tied-reference.ts";
export {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_PUSH,
  ACTION_REDUCE,
  ACTION_UNKNOWN,
  gotoFrame,
  MARK_CHARACTER,
  MARK_END,
  MARK_OTHER,
  MARK_REFUSED,
  popResult,
  reduceResult,
  type Action,
  type CaptureSample,
  type CountedFrame,
  type Frame,
  type FrameMachine,
  type FrameText,
  type KeyedFrame,
  type PushTable,
  type Result,
} from "./automaton/frame-machine.ts";
export { IntTripleTable } from "./automaton/int-triple-table.ts";
export { MemoisedFrameMachine, type FrameContent } from "./automaton/memoised-frame-machine.ts";
export { END_OF_TEXT, PushdownAutomaton, type PushdownAutomatonOptions } from "./automaton/pushdown-automaton.ts";
export { completionOf } from "./automaton/completions.ts";

export { fillMasks } from "./matcher/fill-masks.ts";
export type { Matcher } from "./matcher/matcher.ts";
export { Constraint, type ConstraintOptions, type MatcherOptions } from "./constraint/constraint.ts";
export { coverWithTokens } from "./constraint/token-cover.ts";
export { TokenPaths } from "./constraint/token-paths.ts";
export { TokenMatcher } from "./matcher/token-matcher.ts";
export { forcedBytes } from "./matcher/forced-tokens.ts";
export { MaskCache } from "./mask/mask-cache.ts";
export { maskMemory } from "./mask/mask-memory.ts";
export { CacheBudget } from "./mask/cache-budget.ts";
export { BudgetedCache, type BudgetedCacheOptions } from "./mask/budgeted-cache.ts";
export type { MaskStats } from "./mask/mask-stats.ts";
export { allow, countAllowed, forbid, isAllowed, listAllowed, maskWordCount } from "./mask/bitmask.ts";
export { RegexMachine } from "./automaton/regex-machine.ts";
export { greatestLength } from "./regex/greatest-length.ts";
export { saturate } from "./regex/saturate.ts";
export { fewWords } from "./regex/few-words.ts";
export { compileRegex, type CompileRegexOptions } from "./regex/compile-regex.ts";
export type {
  AutomatonExpression,
  CharactersExpression,
  ChoiceExpression,
  EmbeddedExpression,
  EmptyExpression,
  ExceptExpression,
  Expression,
  Grammar,
  GrammarNote,
  GrammarRule,
  IntersectExpression,
  Lexing,
  LiteralExpression,
  ReferenceExpression,
  RegexExpression,
  RepeatExpression,
  SequenceExpression,
  SourcePlace,
  TokenExpression,
} from "./cfg/grammar.ts";
export { compileGrammar, GrammarLanguage, type GrammarOptions } from "./cfg/grammar-language.ts";
export type { ContextFreeForm } from "./cfg/context-free-form.ts";
export { GrammarMachine } from "./cfg/grammar-machine.ts";
export type { GrammarReport } from "./cfg/grammar-report.ts";
export {
  choice,
  embedded,
  freeText,
  freeTextWithout,
  intersect,
  literal,
  optional,
  regex,
  repeat,
  rule,
  sequence,
  without,
  type FreeTextOptions,
  type Part,
  type RepeatOptions,
} from "./cfg/combinators/combinators.ts";
export { grammar, type MakeGrammarOptions } from "./cfg/combinators/make-grammar.ts";
export { type EbnfOptions, parseEbnf } from "./notation/ebnf/parse-ebnf.ts";
export { parseGbnf } from "./notation/gbnf/parse-gbnf.ts";
export type { LarkImports } from "./notation/lark/lark-modules.ts";
export { type LarkLexer, type LarkOptions, parseLark } from "./notation/lark/parse-lark.ts";
export type { NotationOptions, RuleNotationOptions, UndefinedRules } from "./notation/notation-options.ts";
export { type Notation, parseGrammar, type ParseGrammarOptions } from "./notation/parse-grammar.ts";
export type { PrintOptions } from "./notation/printer/print-options.ts";
export { printEbnf } from "./notation/printer/print-ebnf.ts";
export { printGbnf } from "./notation/printer/print-gbnf.ts";
export { printLark } from "./notation/printer/print-lark.ts";
export { railroadDiagram } from "./notation/railroad/railroad-diagram.ts";
export { mapParts, partsOf } from "./notation/expressions.ts";
export { jsonString, type JsonStringOptions } from "./embedding/json-string.ts";
