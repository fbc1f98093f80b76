import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { DEAD, type State } from "./automaton.ts";
import { END_OF_TEXT, type PushdownAutomaton } from "./pushdown-automaton.ts";

export interface CompletionOptions {
  /** Bytes that a completion may have. @defaultValue 1,000,000 */
  readonly maxBytes?: number;
}

/**
 * A text that completes `state`, empty when it accepts already: the witness behind budgets.
 *
 * Each frame contributes its own shortest ending in turn, so the text is shortest frame by frame; for regular languages,
 * which have one frame, it is a shortest completion outright. O(length).
 * @throws LimitExceededError when the completion is longer than `maxBytes`.
 */
export function completionOf(automaton: PushdownAutomaton, state: State, options: CompletionOptions = {}): Uint8Array {
  const completion = knownCompletionOf(automaton, state, options);
  if (completion === undefined) throw new Error(`Broken invariant: no completion after ${automaton.toString(state)}.`);
  return completion;
}

/** The same; undefined where it depends on captured text that is not known. */
export function knownCompletionOf(
  automaton: PushdownAutomaton,
  state: State,
  options: CompletionOptions = {},
): Uint8Array | undefined {
  const maxBytes = options.maxBytes ?? 1_000_000;
  const bytes: number[] = [];
  let current = state;
  while (!automaton.isAccepting(current)) {
    const { text, after } = nextSegment(automaton, current);
    for (const byte of text) bytes.push(byte);
    if (after === DEAD || text.length === 0) return undefined;
    if (bytes.length > maxBytes) {
      throw new LimitExceededError({
        message: `The shortest completion is longer than maxBytes (${maxBytes}).`,
        limit: "maxBytes",
        allowed: maxBytes,
      });
    }
    current = after;
    if (current === END_OF_TEXT) break;
  }
  return Uint8Array.from(bytes);
}

/** A part of a completion, and the state after it. */
interface Segment {
  readonly text: Uint8Array;
  readonly after: State;
}

/** The ending of the top frame; where that has ended already, of the first frame below that has not. */
function nextSegment(automaton: PushdownAutomaton, state: State): Segment {
  const { machine } = automaton;
  let current = state;
  for (;;) {
    const frame = automaton.frameOf(current);
    const ending = machine.ending?.(frame);
    if (ending !== undefined) return { text: ending.text, after: automaton.afterText(current, ending) };
    const text = machine.completion(frame, automaton.suspendedFrame(automaton.stackOf(current)));
    if (text.length > 0) return { text, after: automaton.after(state, text) };
    current = automaton.afterEnd(current, machine.end(frame));
    if (current === DEAD || current === END_OF_TEXT) return { text, after: DEAD };
  }
}
