import type { Term, TermArena } from "@espalier/grammar";
import * as fc from "fast-check";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Random members of a language: a walk over `next` that takes its turns from a list of numbers, and the shortest way
 * out when the list is used up. Byte classes are drawn evenly, so that rare separators turn up.
 */
export function memberOf(arena: TermArena, term: Term, maxSteps = 60): fc.Arbitrary<string> {
  return fc
    .array(fc.nat(0xffff), { maxLength: maxSteps, size: "max" })
    .map((turns) => decoder.decode(Uint8Array.from(walk(arena, term, turns))));
}

function walk(arena: TermArena, term: Term, turns: readonly number[]): number[] {
  const bytes: number[] = [];
  let at = term;
  for (const turn of turns) {
    const options = arena.classRepresentatives(at).filter((byte) => arena.next(at, byte) !== 0);
    if (options.length === 0) return bytes;
    const representative = options[turn % options.length];
    const classes = arena.byteClasses(at);
    const alike: number[] = [];
    for (let byte = 0; byte < 256; byte++) {
      if (classes[byte] === classes[representative]) alike.push(byte);
    }
    const byte = alike[Math.floor(turn / options.length) % alike.length];
    bytes.push(byte);
    at = arena.next(at, byte);
  }
  return [...bytes, ...(arena.shortest(at) ?? [])];
}
