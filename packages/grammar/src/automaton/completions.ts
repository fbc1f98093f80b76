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
    const step = nextSegment(automaton, current);
    for (const byte of step) {
      current = automaton.next(current, byte);
      bytes.push(byte);
    }
    if (current === DEAD || step.length === 0) return undefined;
    if (bytes.length > maxBytes) {
      throw new LimitExceededError({
        message: `The shortest completion is longer than maxBytes (${maxBytes}).`,
        limit: "maxBytes",
        allowed: maxBytes,
      });
    }
    if (current === END_OF_TEXT) break;
  }
  return Uint8Array.from(bytes);
}

/** The ending of the top frame; where that has ended already, of the first frame below that has not. */
function nextSegment(automaton: PushdownAutomaton, state: State): Uint8Array {
  const { machine } = automaton;
  let current = state;
  for (;;) {
    const frame = automaton.frameOf(current);
    const segment = machine.completion(frame, automaton.suspendedFrame(automaton.stackOf(current)));
    if (segment.length > 0) return segment;
    current = automaton.afterEnd(current, machine.end(frame));
    if (current === DEAD || current === END_OF_TEXT) return segment;
  }
}
