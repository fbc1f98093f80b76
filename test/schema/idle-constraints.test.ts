import { setFlagsFromString } from "node:v8";
import { setImmediate } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { DEAD, maskMemory, TiedReference, type Constraint, type FrameMachine } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import { byteVocabulary } from "../support/vocabularies.ts";

// A constraint that is kept but not used costs its schema's text. What it was compiled to goes with the workspace, and comes back when
// it is asked for.

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const vocabulary = byteVocabulary();

async function collectGarbage(): Promise<void> {
  // What was dereferenced in a turn of the event loop lives as long as the turn.
  await setImmediate();
  collect();
}

function constraintOf(schema: unknown): Constraint {
  return new JsonSchema(schema).constraint(vocabulary);
}

function accepts(constraint: Constraint, text: string): boolean {
  const matcher = constraint.matcher();
  return [...Buffer.from(text)].every((byte) => matcher.consume(byte)) && matcher.isAccepting();
}

let schemaCount = 0;

/** Compiles schemas that share nothing until a new workspace is begun. */
function rollOver(): void {
  const machine = (): FrameMachine => new JsonSchema({ type: "null" }).automaton.machine;
  const before = machine();
  for (let round = 0; round < 200 && machine() === before; round++) {
    for (let i = 0; i < 40; i++) {
      const keys = Array.from({ length: 12 }, (_, k) => `key ${schemaCount} ${k}`);
      const properties = Object.fromEntries(keys.map((key) => [key, { type: "integer", maximum: schemaCount }]));
      schemaCount++;
      const text = `{${keys.map((key) => `"${key}":0`).join()}}`;
      expect(accepts(constraintOf({ properties, additionalProperties: false }), text)).toBe(true);
    }
  }
  expect(machine() === before).toBe(false);
}

test("constraints work as before in a new workspace, and matchers in the old one", async () => {
  const schema = { type: "object", properties: { a: { const: 1 } }, required: ["a"], additionalProperties: false };
  const idle = constraintOf(schema);
  const busy = constraintOf({ type: "array", items: { type: "integer" } });
  const matcher = busy.matcher();
  expect(matcher.consume(0x5b)).toBe(true);
  // What the caller does with the schema afterwards changes nothing.
  schema.required = ["b"];
  rollOver();
  await collectGarbage();
  for (const byte of Buffer.from("1,2]")) expect(matcher.consume(byte)).toBe(true);
  expect(matcher.isAccepting()).toBe(true);
  expect(accepts(idle, '{"a":1}')).toBe(true);
  expect(accepts(idle, '{"b":1}')).toBe(false);
});

test("an automaton that nobody uses is collected with its workspace, though its constraint is kept", async () => {
  const idle = constraintOf({ type: "string", maxLength: 3 });
  expect(accepts(idle, '"abc"')).toBe(true);
  const automaton = new WeakRef(idle.automaton);
  rollOver();
  await collectGarbage();
  expect(automaton.deref()).toBeUndefined();
  expect(accepts(idle, '"abc"')).toBe(true);
  expect(accepts(idle, '"abcd"')).toBe(false);
  expect(idle.automaton.start).not.toBe(DEAD);
  expect(maskMemory.bytesHeld).toBeLessThanOrEqual(maskMemory.maxBytes);
});

test("a tied reference lasts as long as its holder is held", async () => {
  const values: { holder: object | undefined; reference: TiedReference<object> }[] = Array.from({ length: 2 }, () => {
    const holder = {};
    // The value refers to its holder, as an engine does to its machine.
    return { holder, reference: new TiedReference(holder, { holder }) };
  });
  await collectGarbage();
  expect(values.every(({ reference }) => reference.get() !== undefined)).toBe(true);
  values[0].holder = undefined;
  await collectGarbage();
  expect(values[0].reference.get()).toBeUndefined();
  expect(values[1].reference.get()).toBeDefined();
});
