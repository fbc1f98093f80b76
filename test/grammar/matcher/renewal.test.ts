import { Constraint, PushdownAutomaton } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import { byteVocabulary } from "../../support/vocabularies.ts";

test("a constraint whose automaton is full begins anew for its next matcher, and leaves the old one to those that live", () => {
  const vocabulary = byteVocabulary();
  const { automaton } = new JsonSchema({ type: "integer" });
  let isFull = false;
  const machine = new Proxy(automaton.machine, {
    get: (target, key) => {
      if (key === "isFull") return isFull;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  let renewals = 0;
  const make = (): PushdownAutomaton => new PushdownAutomaton(machine, automaton.frameOf(automaton.start));
  const constraint = new Constraint({
    automaton: make(),
    vocabulary,
    renew: () => {
      renewals++;
      return make();
    },
  });
  const early = constraint.matcher();
  const first = constraint.automaton;
  expect(early.consume(0x37)).toBe(true);
  isFull = true;
  const late = constraint.matcher({ maxTokens: 3 });
  expect(renewals).toBe(1);
  expect(constraint.automaton).not.toBe(first);
  for (const matcher of [early, late]) {
    expect(matcher.consume(0x38)).toBe(true);
    expect(matcher.isAccepting()).toBe(true);
  }
});

test("a schema with ever new keys does not grow for ever", () => {
  const constraint = new JsonSchema({ type: "object" }).constraint(byteVocabulary());
  const automata = new Set<unknown>();
  for (let round = 0; round < 25_000; round++) {
    const matcher = constraint.matcher();
    for (const byte of Buffer.from(`{"key${round}":0,"k${round}":1}`)) expect(matcher.consume(byte)).toBe(true);
    automata.add(constraint.automaton);
  }
  expect(automata.size).toBeGreaterThan(1);
});
