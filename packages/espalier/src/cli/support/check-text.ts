import { DEAD, type Automaton, type State } from "@espalier/grammar";

export type Verdict =
  | { readonly isAccepted: true }
  | {
      readonly isAccepted: false;
      /** Where the first character begins that cannot stand there, or the length of a text that ends too early. */
      readonly offset: number;
      /** The state before it. */
      readonly state: State;
    };

/** Walks a text byte by byte. @internal */
export function checkText(automaton: Automaton, bytes: Uint8Array): Verdict {
  let state = automaton.start;
  // The last character that has begun: an offset amid a character would tell a reader nothing.
  let characterStart = 0;
  let stateAtCharacter = state;
  for (let offset = 0; offset < bytes.length; offset++) {
    const byte = bytes[offset];
    if ((byte & 0xc0) !== 0x80) {
      characterStart = offset;
      stateAtCharacter = state;
    }
    state = automaton.next(state, byte);
    if (state === DEAD) return { isAccepted: false, offset: characterStart, state: stateAtCharacter };
  }
  if (automaton.isAccepting(state)) return { isAccepted: true };
  return { isAccepted: false, offset: bytes.length, state };
}
