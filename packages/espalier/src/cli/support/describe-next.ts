import { completionOf, DEAD, forcedBytes, type PushdownAutomaton, type State } from "@espalier/grammar";
import { excerptAfter, visible } from "./excerpt.ts";

/** Beyond this many ways on, characters are told as ranges. */
const MAX_LISTED = 12;
const MAX_FORCED_LENGTH = 40;
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

export interface NextDescription {
  /** What can come next, each readable by itself. */
  readonly options: readonly string[];
  /** A text that would complete the output; `undefined` when nothing is missing. */
  readonly example: string | undefined;
}

/** What can follow a state, for a reader. @internal */
export function describeNext(automaton: PushdownAutomaton, state: State): NextDescription {
  const after = new Map<number, State>();
  for (let byte = 0; byte < 256; byte++) {
    const next = automaton.next(state, byte);
    if (next !== DEAD) after.set(byte, next);
  }
  const options: string[] = [];
  const bytes = [...after.keys()];
  const inked = bytes.filter((byte) => byte < 0x80 && !WHITESPACE.has(byte));
  if (inked.length <= MAX_LISTED) {
    for (const byte of inked) options.push(`${String.fromCharCode(byte)}${forcedText(automaton, after.get(byte)!)}`);
  } else options.push(characterRanges(inked));
  if (bytes.some((byte) => byte >= 0x80)) options.push("(characters beyond ASCII)");
  if (bytes.some((byte) => WHITESPACE.has(byte))) options.push("(white space)");
  if (automaton.isAccepting(state)) options.push("(the end of the text)");
  return { options, example: automaton.isAccepting(state) ? undefined : example(automaton, state) };
}

/** What can only follow in one way. */
function forcedText(automaton: PushdownAutomaton, state: State): string {
  const { bytes } = forcedBytes(automaton, state);
  const text = new TextDecoder().decode(bytes);
  // Broken off amid a character, the last one is a replacement character.
  return visible(text.replace(/\uFFFD+$/, "").slice(0, MAX_FORCED_LENGTH));
}

function example(automaton: PushdownAutomaton, state: State): string {
  return excerptAfter(new TextDecoder().decode(completionOf(automaton, state)));
}

/** `a-z 0-9 _`, or `any character but "` when few are missing. */
function characterRanges(bytes: readonly number[]): string {
  const missing: number[] = [];
  for (let byte = 0x21; byte < 0x7f; byte++) if (!bytes.includes(byte)) missing.push(byte);
  if (missing.length === 0) return "(any character)";
  if (missing.length <= MAX_LISTED)
    return `(any character but ${missing.map((byte) => String.fromCharCode(byte)).join(" ")})`;
  const ranges: string[] = [];
  for (let index = 0; index < bytes.length;) {
    let end = index;
    while (bytes[end + 1] === bytes[end] + 1) end++;
    const [first, last] = [bytes[index], bytes[end]].map((byte) => visible(String.fromCharCode(byte)));
    ranges.push(end - index > 1 ? `${first}-${last}` : end > index ? `${first} ${last}` : first);
    index = end + 1;
  }
  return `(one of ${ranges.join(" ")})`;
}
