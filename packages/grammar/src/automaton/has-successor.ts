import { DEAD, type Automaton, type State } from "./automaton.ts";

/** Whether any byte may follow `state`. */
export function hasSuccessor(automaton: Automaton, state: State): boolean {
  for (let byte = 0; byte < 256; byte++) if (automaton.next(state, byte) !== DEAD) return true;
  return false;
}
