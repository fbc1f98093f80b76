import { TermArena } from "@espalier/grammar";
import { expect, test } from "vitest";
import { formats } from "../../../packages/schema/src/format/formats.ts";

/**
 * States of each automaton when all of it is walked. They are made only as they are met; these counts tell what a
 * table of the whole automaton would hold. The large ones count: the places in a label times those in a name,
 * the offset that a leap second calls for, the depth of groups.
 */
const STATES: Readonly<Record<string, number>> = {
  "date-time": 1132,
  date: 29,
  time: 1103,
  duration: 15,
  email: 10,
  "idn-email": 3026,
  hostname: 41_453,
  "idn-hostname": 61_253,
  ipv4: 24,
  ipv6: 151,
  uri: 182,
  "uri-reference": 185,
  iri: 261,
  "iri-reference": 277,
  uuid: 37,
  "uri-template": 27,
  "json-pointer": 10,
  "relative-json-pointer": 13,
  regex: 10_313,
};

test.each([...formats.values()])("the number of states of $name", (format) => {
  const arena = new TermArena();
  const start = format.term(arena);
  const seen = new Set([start]);
  for (const term of seen) {
    for (const byte of arena.classRepresentatives(term)) {
      const next = arena.next(term, byte);
      if (next !== 0) seen.add(next);
    }
  }
  expect(seen.size).toBeLessThanOrEqual(STATES[format.name]);
});
