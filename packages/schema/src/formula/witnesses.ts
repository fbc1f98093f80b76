import type { Steps } from "@espalier/grammar";
import type { ValueId } from "./formula.ts";
import type { Members } from "./some-members.ts";

/** Members of sets of values, as far as plans for objects and arrays ask for them. */
export interface Witnesses {
  isSatisfiable(value: ValueId): boolean;
  /** A short member as JSON text without whitespace, or undefined when there is none. */
  shortest(value: ValueId): string | undefined;
  /** At least `count` members with short texts, where as many are found. */
  someMembers(value: ValueId, count: number): Members;
  /**
   * As {@link TermArena.run}, for work that asks questions: what it relied on before an interruption, it still relies on afterwards.
   * @param work what is worked out, apart from the sets that are being worked out further up
   */
  run<Result>(work: string, begin: () => Steps<Result>): Result;
  /** Asks a question, and tells whether the answer relied on a set that is still being worked out further up. */
  asking<Answer>(question: () => Answer): { readonly answer: Answer; readonly isFinal: boolean };
}

/** Texts in which a number may not be what its double is. */
export const INEXACT_NUMBER: RegExp = /[0-9]{15}|[0-9][eE]/;
