import { Random } from "@espalier/decoder";
import { completionOf, DEAD, type PushdownAutomaton, type State } from "@espalier/grammar";

/** Bytes after which a walk takes the short way to the end. */
const MAX_WALK = 160;

/** How often each kind of character is taken where there is a choice: readable samples, not uniform ones. */
const WEIGHTS = { letter: 3, digit: 3, structure: 1, other: 0.1, blank: 0.02, beyondAscii: 0.02 } as const;
type Kind = keyof typeof WEIGHTS;

/** Texts of a language by random walks over its automaton; all are accepted. Same seed, same texts. @internal */
export function sampleTexts(automaton: PushdownAutomaton, count: number, seed: number): string[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => sampleText(automaton, random));
}

function sampleText(automaton: PushdownAutomaton, random: Random): string {
  const bytes: number[] = [];
  let state = automaton.start;
  while (bytes.length < MAX_WALK) {
    const byte = pick(automaton, state, random);
    if (byte === undefined) return decode(bytes);
    bytes.push(byte);
    state = automaton.next(state, byte);
  }
  return decode([...bytes, ...completionOf(automaton, state)]);
}

/** The next byte, or `undefined` to end the text. */
function pick(automaton: PushdownAutomaton, state: State, random: Random): number | undefined {
  const kinds = new Map<Kind, number[]>();
  for (let byte = 0; byte < 256; byte++) {
    if (automaton.next(state, byte) === DEAD) continue;
    const kind = kindOf(byte);
    const bytes = kinds.get(kind);
    if (bytes === undefined) kinds.set(kind, [byte]);
    else bytes.push(byte);
  }
  const endWeight = automaton.isAccepting(state) ? WEIGHTS.structure : 0;
  let total = endWeight;
  for (const kind of kinds.keys()) total += WEIGHTS[kind];
  let at = random.nextFloat64() * total - endWeight;
  if (kinds.size === 0 || at < 0) return undefined;
  for (const [kind, bytes] of kinds) {
    at -= WEIGHTS[kind];
    if (at < 0) return bytes[Math.floor(random.nextFloat64() * bytes.length)];
  }
  return [...kinds.values()].at(-1)![0];
}

function kindOf(byte: number): Kind {
  if (byte >= 0x80) return "beyondAscii";
  const character = String.fromCharCode(byte);
  if (/[a-zA-Z]/.test(character)) return "letter";
  if (/[0-9]/.test(character)) return "digit";
  if (/["{}[\],:]/.test(character)) return "structure";
  return /\s/.test(character) ? "blank" : "other";
}

function decode(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
