import { DEAD, type Automaton, type State } from "./automaton.ts";

/** The state after the bytes [from, to) of `bytes`, or DEAD. */
export function stateAfter(
  automaton: Automaton,
  state: State,
  bytes: Uint8Array,
  from = 0,
  to: number = bytes.length,
): State {
  let current = state;
  for (let i = from; i < to && current !== DEAD; i++) current = automaton.next(current, bytes[i]);
  return current;
}

/** Whether any byte may follow `state`. */
export function hasSuccessor(automaton: Automaton, state: State): boolean {
  for (let byte = 0; byte < 256; byte++) if (automaton.next(state, byte) !== DEAD) return true;
  return false;
}
