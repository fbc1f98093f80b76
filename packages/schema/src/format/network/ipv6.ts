import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";
import { ipv4 } from "./ipv4.ts";

export const ipv6: StringFormat = {
  name: "ipv6",
  standard: "RFC 4291, section 2.2 (grammar: IPv6address in RFC 3986, section 3.2.2)",
  exactness: "exact",
  note: "No zone identifiers and no prefix lengths: they are no part of an address.",
  term: perArena(buildIpv6),
};

const GROUPS = 8;

function buildIpv6(arena: TermArena): Term {
  const group = arena.repeat(asciiClass(arena, "0-9a-fA-F"), 1, 4);
  const colon = arena.text(":");
  const leading = (min: number, max: number): Term => arena.repeat(arena.concat(group, colon), min, max);
  const quad = ipv4.term(arena);
  // The last two groups may be written as an IPv4 address.
  const alternatives = [
    arena.concat(leading(GROUPS - 1, GROUPS - 1), group),
    arena.concat(leading(GROUPS - 2, GROUPS - 2), quad),
  ];
  // `::` stands for one or more groups of zeros, once.
  for (let before = 0; before < GROUPS; before++) {
    const after = GROUPS - 1 - before;
    const head = before === 0 ? colon : leading(before, before);
    const tails = [arena.text("")];
    if (after >= 1) tails.push(arena.concat(leading(0, after - 1), group));
    if (after >= 2) tails.push(arena.concat(leading(0, after - 2), quad));
    alternatives.push(arena.concat(head, colon, arena.unionAll(tails)));
  }
  return arena.unionAll(alternatives);
}
