import { completionOf, DEAD, LimitExceededError, type PushdownAutomaton, type State } from "@espalier/grammar";

/** A random integer in [0, below). */
export type RandomInteger = (below: number) => number;

export interface RandomTextOptions {
  readonly random: RandomInteger;
  /** Bytes after which the text is finished on the shortest known way. */
  readonly targetBytes: number;
}

/** How likely each kind of byte is taken where there is a choice: readable texts, of all shapes, rather than uniform ones. */
const WEIGHTS = { plain: 600, structure: 200, punctuation: 60, escape: 12, beyondAscii: 12, blank: 3 } as const;
type Kind = keyof typeof WEIGHTS;
const KINDS = Object.keys(WEIGHTS) as readonly Kind[];

/** Kind numbers (indexes into {@link KINDS}) by byte. */
const KIND_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => KINDS.indexOf(kindOf(byte)));

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A random member of a language that is not empty: a walk over the automaton, byte by byte, that takes the shortest known way to the
 * end when the target is reached. Always ends; O(256 × length) steps.
 */
export function randomText(automaton: PushdownAutomaton, options: RandomTextOptions): string {
  const { random, targetBytes } = options;
  const bytes: number[] = [];
  let state = automaton.start;
  while (bytes.length < targetBytes) {
    const ways = waysOn(automaton, state);
    const total = ways.reduce((sum, way, kind) => sum + (way.length > 0 ? WEIGHTS[KINDS[kind]] : 0), 0);
    const end = automaton.isAccepting(state) ? WEIGHTS.structure : 0;
    if (total === 0) break;
    const kind = pickKind(ways, random(total + end));
    if (kind === undefined) break;
    const byte = ways[kind][random(ways[kind].length)];
    bytes.push(byte);
    state = automaton.next(state, byte);
  }
  return decoder.decode(Uint8Array.from([...bytes, ...completionOf(automaton, state)]));
}

/** The bytes that may follow, by kind. */
function waysOn(automaton: PushdownAutomaton, state: State): number[][] {
  const ways: number[][] = KINDS.map(() => []);
  for (let byte = 0; byte < 256; byte++) {
    if (canFollow(automaton, state, byte)) ways[KIND_OF_BYTE[byte]].push(byte);
  }
  return ways;
}

/** What is too large for the limits is no way on. */
function canFollow(automaton: PushdownAutomaton, state: State, byte: number): boolean {
  try {
    return automaton.next(state, byte) !== DEAD;
  } catch (error) {
    if (error instanceof LimitExceededError) return false;
    throw error;
  }
}

/** The kind that `at` falls on; undefined beyond them all, where the text ends. */
function pickKind(ways: readonly number[][], at: number): number | undefined {
  let rest = at;
  for (let kind = 0; kind < ways.length; kind++) {
    if (ways[kind].length === 0) continue;
    rest -= WEIGHTS[KINDS[kind]];
    if (rest < 0) return kind;
  }
  return undefined;
}

function kindOf(byte: number): Kind {
  if (byte >= 0x80) return "beyondAscii";
  const character = String.fromCharCode(byte);
  if (/[a-zA-Z0-9]/.test(character)) return "plain";
  if (/["{}[\],:]/.test(character)) return "structure";
  if (/\s/.test(character)) return "blank";
  return character === "\\" ? "escape" : "punctuation";
}
