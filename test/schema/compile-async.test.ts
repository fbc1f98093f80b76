import { AbortedError, LimitExceededError } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";

function accepts({ automaton }: JsonSchema, text: string): boolean {
  let state = automaton.start;
  for (const byte of Buffer.from(text)) state = automaton.next(state, byte);
  return automaton.isAccepting(state);
}

const ADDRESS = {
  $id: "https://example.com/address",
  type: "object",
  properties: { city: { $ref: "city" } },
  required: ["city"],
};
const CITY = { $id: "https://example.com/city", type: "string", minLength: 2 };

test("compiling in slices gives the same language as compiling at once", async () => {
  const properties = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, i) => [`p${i}`, { type: "integer", minimum: i, maximum: i + 1 }]),
  );
  const schema = { type: "object", properties, required: ["p7"], additionalProperties: false };
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const sliced = await JsonSchema.compile(schema, { sliceMs: 1 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  const whole = new JsonSchema(schema);
  for (const text of ['{"p7":7}', '{"p7":9}', "{}", '{"p7":8,"p9":10}', '{"p7":8,"x":1}']) {
    expect(accepts(sliced, text)).toBe(accepts(whole, text));
  }
  expect(accepts(sliced, '{"p7":8,"p9":10}')).toBe(true);
});

test("other documents may come late, and refer to further ones", async () => {
  const asked: string[] = [];
  const resolve = async (uri: string): Promise<unknown> => {
    asked.push(uri);
    await new Promise((done) => setTimeout(done, 1));
    return [ADDRESS, CITY].find((schema) => schema.$id === uri);
  };
  const schema = { type: "array", items: { $ref: "https://example.com/address" }, minItems: 1 };
  const compiled = await JsonSchema.compile(schema, { resolve });
  expect(asked).toEqual(["https://example.com/address", "https://example.com/city"]);
  expect(accepts(compiled, '[{"city":"Oslo"}]')).toBe(true);
  expect(accepts(compiled, '[{"city":"O"}]')).toBe(false);
});

test("documents from a map need no waiting", () => {
  const resolve = new Map<string, unknown>([
    [ADDRESS.$id, ADDRESS],
    [CITY.$id, CITY],
  ]);
  const compiled = new JsonSchema({ $ref: "https://example.com/address" }, { resolve });
  expect(accepts(compiled, '{"city":"Rome"}')).toBe(true);
  expect(accepts(compiled, "{}")).toBe(false);
});

test("a fired signal and a small budget end it", async () => {
  const controller = new AbortController();
  controller.abort();
  await expect(JsonSchema.compile({}, { signal: controller.signal })).rejects.toThrow(AbortedError);
  const properties = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`p${i}`, { pattern: `^a{${i}}$` }]));
  const schema = { properties, required: Object.keys(properties) };
  await expect(JsonSchema.compile(schema, { maxWork: 100 })).rejects.toThrow(LimitExceededError);
});

test("what a slice does over again is not held against the budget", async () => {
  const numbers = Array.from({ length: 600 }, (_, i) => i * 2);
  const not = Array.from({ length: 120 }, (_, i) => ({ not: { const: i * 6 } }));
  const schema = { type: "integer", enum: numbers, allOf: not };
  const { work } = new JsonSchema({ ...schema, title: "at once" });
  // Another document, of which nothing is known yet but what does not depend on the place.
  const sliced = await JsonSchema.compile(
    { ...schema, enum: numbers.map((number) => number + 1), title: "in slices" },
    { sliceMs: 0.5, maxWork: 2 * work },
  );
  expect(accepts(sliced, "7")).toBe(true);
});
