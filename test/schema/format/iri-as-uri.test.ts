import { TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, test } from "vitest";
import { formats } from "../../../packages/schema/src/format/formats.ts";
import { ajvAccepts } from "./support/ajv-accepts.ts";
import { memberOf } from "./support/member-of.ts";

/** RFC 3987, section 3.1: an IRI becomes a URI by percent-encoding what lies beyond ASCII. */
function asUri(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/gu, (character) => encodeURIComponent(character));
}

describe.each([
  ["iri", "uri"],
  ["iri-reference", "uri-reference"],
])("%s", (name, target) => {
  test(`random members become members of ${target} for ajv`, () => {
    const arena = new TermArena();
    const accepts = ajvAccepts(target)!;
    fc.assert(
      fc.property(memberOf(arena, formats.get(name)!.term(arena)), (text) => accepts(asUri(text))),
      { numRuns: 1500, seed: 6 },
    );
  });
});
