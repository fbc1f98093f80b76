import { DEAD, type Automaton } from "../../../packages/grammar/src/index.ts";

/** Whether the automaton accepts a text, byte by byte. */
export function accepts(automaton: Automaton, text: string): boolean {
  let state = automaton.start;
  for (const byte of Buffer.from(text)) {
    if (state === DEAD) return false;
    state = automaton.next(state, byte);
  }
  return state !== DEAD && automaton.isAccepting(state);
}
