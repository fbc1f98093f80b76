import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";

// Schemas of one process share formulas. What was compiled before must not change what is accepted after.

function accepts(schema: unknown, text: string): boolean {
  const { automaton } = new JsonSchema(schema, { propertyOrder: "any" });
  let state = automaton.start;
  for (const byte of Buffer.from(text)) state = automaton.next(state, byte);
  return automaton.isAccepting(state);
}

test("a schema behaves the same before and after another that negates everything", () => {
  const unique = { uniqueItems: true };
  expect(accepts(unique, "[1,2]")).toBe(true);
  expect(accepts({ properties: { foo: { not: {} } } }, '{"foo":1,"bar":2}')).toBe(false);
  expect(accepts({ properties: { foo: { not: { not: {} } } } }, '{"foo":1,"bar":2}')).toBe(true);
  expect(accepts({ items: {}, additionalItems: false }, "[1,2,3]")).toBe(true);
  expect(accepts(unique, "[1,2]")).toBe(true);
  expect(accepts(unique, "[1,1.0]")).toBe(false);
});

test("an optional value of an overlapping oneOf is decided as if it had been compiled first", () => {
  const branch = (name: string) => ({
    properties: { type: { enum: [name] }, label: { type: "string" } },
    required: ["label"],
    additionalProperties: false,
  });
  const schema = { type: "object", oneOf: ["a", "b", "c"].map(branch) };
  for (let round = 0; round < 2; round++) {
    expect(accepts(schema, '{"label":"x"}')).toBe(false);
    expect(accepts(schema, '{"label":"x","type":"b"}')).toBe(true);
    expect(accepts(schema, '{"type":"d","label":"x"}')).toBe(false);
  }
});
