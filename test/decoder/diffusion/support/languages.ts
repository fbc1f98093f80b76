import {
  compileRegex,
  Constraint,
  PushdownAutomaton,
  RegexMachine,
  TermArena,
  type Vocabulary,
} from "@espalier/grammar";

/** Texts that match `pattern` from start to end, over `vocabulary`. */
export function regexConstraint(pattern: string, vocabulary: Vocabulary): Constraint {
  const arena = new TermArena();
  const term = compileRegex(arena, pattern, { match: "whole" });
  const machine = new RegexMachine(arena);
  const automaton = new PushdownAutomaton(machine, machine.frameOf(term));
  return new Constraint({ automaton, vocabulary, subject: "the regular expression" });
}
