import { domainToASCII } from "node:url";
import { TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { idnHostname } from "../../../packages/schema/src/format/network/idn-hostname.ts";
import { memberOf } from "./support/member-of.ts";

const arena = new TermArena();
const term = idnHostname.term(arena);
const beyondAscii = arena.concat(arena.anyText, arena.codePoints([[0x80, 0x10_ffff]]), arena.anyText);

test("random members have an ASCII form within the lengths of the domain name system", () => {
  let international = 0;
  fc.assert(
    fc.property(memberOf(arena, arena.intersect(term, beyondAscii), 90), (name) => {
      // URLs have their own rules for hosts whose last label is a number.
      const ascii = domainToASCII(`${name}.com`);
      if (ascii.includes("xn--")) international++;
      expect(ascii).not.toBe("");
      expect(name.normalize("NFC")).toBe(name);
      expect(ascii.length).toBeLessThanOrEqual(253 + ".com".length);
      expect(Math.max(...ascii.split(".").map((label) => label.length))).toBeLessThanOrEqual(63);
    }),
    { numRuns: 600, seed: 3 },
  );
  expect(international).toBeGreaterThan(400);
});
