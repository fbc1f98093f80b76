import {
  Constraint,
  embedded,
  freeText,
  type Grammar,
  grammar,
  GrammarLanguage,
  sequence,
  type Vocabulary,
} from "@espalier/grammar";
import type { Output } from "./output.ts";

export interface ThinkingOptions {
  /** What the reasoning begins with; empty where the chat template has written it already. @defaultValue `<think>` */
  readonly open?: string | undefined;
  /** What ends the reasoning; it cannot stand in it. @defaultValue `</think>` */
  readonly close?: string | undefined;
  /** What stands between `close` and the answer. @defaultValue two line ends */
  readonly separator?: string | undefined;
}

/** The value of an output with reasoning before it. */
export interface Thought<Value> {
  /** What stands between `open` and `close`, letter for letter. */
  readonly reasoning: string;
  /** That of the answer. */
  readonly value: Value;
}

/**
 * Free reasoning, and then the answer of another output. Reasoning ends when the model closes it, or when the rest of the token budget
 * is needed to close it and to answer. Marks that are special tokens of the vocabulary are written with them.
 *
 * Compiling throws what the other output's does.
 *
 * @example
 * output: thinking(json(schema)) // value: { reasoning: "…", value: { … } }
 */
export function thinking<Value>(answer: Output<Value>, options: ThinkingOptions = {}): Output<Thought<Value>, never> {
  const { open = "<think>", close = "</think>", separator = "\n\n" } = options;
  return {
    kind: "thinking",
    cacheKey:
      answer.cacheKey === undefined ? undefined : JSON.stringify(["thinking", open, close, separator, answer.cacheKey]),
    instruction: () => answer.instruction(),
    compile: (modelVocabulary, signal) => {
      const vocabulary = modelVocabulary.spelling([open, close]);
      const compile = (abort?: AbortSignal): GrammarLanguage =>
        new GrammarLanguage(languageOf(answer, vocabulary, { open, close, separator }, abort), { signal: abort });
      return new Constraint({
        automaton: compile(signal).automaton,
        vocabulary,
        subject: "the answer after the reasoning",
        renew: () => compile().automaton,
      });
    },
    finish: async (text) => {
      const end = text.indexOf(close, open.length);
      return {
        reasoning: text.slice(open.length, end),
        value: await answer.finish(text.slice(end + close.length + separator.length)),
      };
    },
  };
}

function languageOf(
  answer: Output<unknown>,
  vocabulary: Vocabulary,
  { open, close, separator }: Required<{ [Name in keyof ThinkingOptions]: string }>,
  signal: AbortSignal | undefined,
): Grammar {
  const constraint = answer.compile(vocabulary, signal);
  const answered = constraint === undefined ? freeText() : embedded(constraint.automaton, "answer");
  return grammar(sequence(open, freeText({ until: close }), separator, answered));
}
