import type { Constraint, State, TokenId, Vocabulary } from "@espalier/grammar";
import { expect } from "vitest";
import { maskOf, naiveMask } from "./mask-lists.ts";
import { stateAfter } from "./automaton-texts.ts";

/**
 * Walks through tokens that masks allow, and expects each mask to be what trying every token says.
 * @param turns which of the tokens is taken, modulo how many there are
 * @param prefers tokens that are taken where there are such
 * @returns the states before each mask
 */
export function expectMasksOfTrying(
  constraint: Constraint,
  vocabulary: Vocabulary,
  turns: readonly number[],
  prefers: (token: TokenId) => boolean = () => true,
): State[] {
  const { automaton } = constraint;
  const matcher = constraint.matcher();
  const states: State[] = [];
  let state = automaton.start;
  for (const turn of turns) {
    states.push(state);
    const allowed = maskOf(matcher, vocabulary);
    expect(allowed).toEqual(naiveMask(automaton, state, vocabulary));
    const texts = allowed.filter((token) => !vocabulary.eosTokens.includes(token));
    const preferred = texts.filter(prefers);
    const choices = preferred.length > 0 ? preferred : texts;
    if (choices.length === 0) break;
    const token = choices[turn % choices.length];
    matcher.consume(token);
    state = stateAfter(automaton, vocabulary.bytes(token), state);
  }
  return states;
}
