import {
  completionOf,
  DEAD,
  EspalierError,
  type Automaton,
  type PushdownAutomaton,
  type State,
} from "@espalier/grammar";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The state after `text`; DEAD when it is no prefix of a member. */
export function stateAfter(automaton: Automaton, text: string | Uint8Array, from: State = automaton.start): State {
  let state = from;
  for (const byte of typeof text === "string" ? encoder.encode(text) : text) {
    if (state === DEAD) return DEAD;
    state = automaton.next(state, byte);
  }
  return state;
}

/** Whether `text` is in the language. */
export function accepts(automaton: Automaton, text: string | Uint8Array): boolean {
  const state = stateAfter(automaton, text);
  return state !== DEAD && automaton.isAccepting(state);
}

/**
 * A member of the language: turns taken from a list of numbers, then the known way to the end. Ways on are drawn by the state they
 * lead to, so that a quote is as likely as all letters together.
 */
export function walk(automaton: PushdownAutomaton, turns: readonly number[]): string {
  const bytes: number[] = [];
  try {
    let state = automaton.start;
    for (const turn of turns) {
      const ways = waysOn(automaton, state);
      if (ways.size === 0) break;
      const [next, alike] = [...ways][turn % ways.size];
      bytes.push(alike[Math.floor(turn / ways.size) % alike.length]);
      state = next;
    }
    bytes.push(...completionOf(automaton, state));
    return decoder.decode(Uint8Array.from(bytes));
  } catch (error) {
    if (error instanceof EspalierError) throw error;
    throw new Error(`The walk broke after ${Buffer.from(bytes).toString("latin1")}`, { cause: error });
  }
}

/** The states that may follow `state`, each with the bytes that lead there. */
export function waysOn(automaton: Automaton, state: State): Map<State, number[]> {
  const ways = new Map<State, number[]>();
  for (let byte = 0; byte < 256; byte++) {
    const next = automaton.next(state, byte);
    if (next === DEAD) continue;
    const alike = ways.get(next);
    if (alike === undefined) ways.set(next, [byte]);
    else alike.push(byte);
  }
  return ways;
}
