import type { PushdownAutomaton } from "@espalier/grammar";
import { expect } from "vitest";
import { accepts } from "./automaton-texts.ts";
import { candidateText, candidateValue, type Candidate } from "./random-candidate.ts";
import type { JsonValue } from "./random-instance.ts";
import type { Schema } from "./random-schema.ts";
import { oraclesReadAlike } from "./schema-oracle.ts";

/**
 * Expects an automaton to accept what an oracle calls valid, and nothing else, of the candidates that all oracles read alike.
 * @returns by candidate that was compared, whether it is valid
 */
export function expectAgreement(
  automaton: PushdownAutomaton,
  schema: Schema,
  isValid: (value: JsonValue) => boolean,
  candidates: readonly Candidate[],
): boolean[] {
  return candidates.flatMap((candidate) => {
    const value = candidateValue(candidate, automaton);
    if (value === undefined) return [];
    const text = candidateText(candidate, value);
    if (!oraclesReadAlike(schema, text)) return [];
    const valid = isValid(JSON.parse(text) as JsonValue);
    expect({ text, accepted: accepts(automaton, text) }).toEqual({ text, accepted: valid });
    return [valid];
  });
}
