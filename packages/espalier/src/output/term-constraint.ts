import {
  Constraint,
  PushdownAutomaton,
  RegexMachine,
  type Term,
  type TermArena,
  type Vocabulary,
} from "@espalier/grammar";

export interface TermConstraintOptions {
  readonly arena: TermArena;
  readonly term: Term;
  readonly vocabulary: Vocabulary;
  /** What the language is, for errors. */
  readonly subject: string;
}

/** A regular language compiled against a vocabulary. @internal */
export function termConstraint(options: TermConstraintOptions): Constraint {
  const { arena, term, vocabulary, subject } = options;
  const automaton = termAutomaton(arena, term);
  return new Constraint({ automaton, vocabulary, subject });
}

/** @internal */
export function termAutomaton(arena: TermArena, term: Term): PushdownAutomaton {
  const machine = new RegexMachine(arena);
  return new PushdownAutomaton(machine, machine.frameOf(term));
}
