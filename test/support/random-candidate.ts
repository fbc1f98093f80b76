import type { PushdownAutomaton } from "@espalier/grammar";
import * as fc from "fast-check";
import { walk } from "./automaton-texts.ts";
import { jsonText } from "./json-text.ts";
import { instances, mutationOf, type JsonValue } from "./random-instance.ts";

/** Numbers that choices are made by, one after the other; an empty list makes the plainest ones. */
export const turnLists: fc.Arbitrary<number[]> = fc.array(fc.nat(0xffff), { maxLength: 40, size: "max" });

/** How to make an instance for a schema that is not known yet: any value, or one near a member of the schema's language. */
export type Candidate =
  | { readonly instance: JsonValue; readonly spelling: readonly number[] }
  | {
      readonly walk: readonly number[];
      readonly change: readonly [JsonValue, number] | null;
      readonly spelling: readonly number[];
    };

export const candidates: fc.Arbitrary<Candidate> = fc.oneof(
  fc.record({ instance: instances, spelling: turnLists }),
  fc.record({ walk: turnLists, change: fc.option(fc.tuple(instances, fc.nat(0xffff))), spelling: turnLists }),
);

/** The value that `candidate` makes; undefined when the language has no members to start from. */
export function candidateValue(candidate: Candidate, automaton: PushdownAutomaton): JsonValue | undefined {
  if ("instance" in candidate) return candidate.instance;
  if (automaton.start === 0) return undefined;
  const member = JSON.parse(walk(automaton, candidate.walk)) as JsonValue;
  return candidate.change === null ? member : mutationOf(member, ...candidate.change);
}

export function candidateText(candidate: Candidate, value: JsonValue): string {
  return jsonText(value, candidate.spelling);
}
