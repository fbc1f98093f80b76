import {
  AbortedError,
  EspalierError,
  InvalidInputError,
  LimitExceededError,
  UnsatisfiableError,
  type Constraint,
} from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { describe, expect, test } from "vitest";
import { accepts } from "../support/automaton-texts.ts";
import { maskOf } from "../support/mask-lists.ts";
import { byteVocabulary, wordVocabulary } from "../support/vocabularies.ts";

// What a server meets: each input ends in a typed error that says what and where, or works; never in a hang, an endless heap or an error
// of the language's own. Only class, code and place are asserted: the test runner's time limit is there for what never ends.

const vocabulary = byteVocabulary();

function nested(depth: number, wrap: (inner: unknown) => unknown, innermost: unknown = { type: "integer" }): unknown {
  let schema = innermost;
  for (let i = 0; i < depth; i++) schema = wrap(schema);
  return schema;
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Compiles, and takes `steps` tokens under the mask, with and without a budget. */
function use(schema: unknown, steps = 12): Constraint {
  const constraint = new JsonSchema(schema).constraint(vocabulary);
  for (const maxTokens of [undefined, constraint.matcher().minTokensToFinish() + steps]) {
    const matcher = constraint.matcher({ maxTokens });
    for (let step = 0; step < steps && !matcher.isFinished(); step++) {
      const allowed = maskOf(matcher, vocabulary);
      expect(allowed).not.toEqual([]);
      expect(matcher.consume(allowed[(step * 7) % allowed.length])).toBe(true);
    }
  }
  return constraint;
}

describe("schemas that are none", () => {
  const cases: readonly (readonly [schema: unknown, place: string])[] = [
    [5, "#"],
    [null, "#"],
    [[], "#"],
    ["{}", "#"],
    [undefined, "#"],
    [{ properties: { a: { type: "strin" } } }, "#/properties/a/type"],
    [{ minLength: -1 }, "#/minLength"],
    [{ maxItems: 1.5 }, "#/maxItems"],
    [{ properties: [] }, "#/properties"],
    [{ items: 5 }, "#/items"],
    [{ required: "a" }, "#/required"],
    [{ anyOf: {} }, "#/anyOf"],
    [{ $ref: "#/nowhere" }, "#/$ref"],
    [{ $ref: 5 }, "#/$ref"],
    [{ $ref: "http://example.com/unknown" }, "#/$ref"],
    [{ multipleOf: 0 }, "#/multipleOf"],
    [{ minimum: "1" }, "#/minimum"],
    [{ "a/b~c": {}, properties: { "a/b~c": { pattern: "(" } } }, "#/properties/a~1b~0c/pattern offset 1"],
    [{ $ref: "#" }, "#"],
    [{ not: { $ref: "#" } }, "#"],
    [{ $ref: "#/$defs/a", $defs: { a: { anyOf: [{ $ref: "#/$defs/b" }] }, b: { $ref: "#/$defs/a" } } }, "#/$defs/a"],
  ];
  test.each(cases)("%j", (schema, place) => {
    expect(errorOf(() => new JsonSchema(schema))).toMatchObject({ code: "invalid-input", place });
    expect(() => new JsonSchema(schema)).toThrow(InvalidInputError);
  });

  test("one that holds itself", () => {
    const schema: Record<string, unknown> = {};
    schema["properties"] = { self: schema };
    expect(() => new JsonSchema(schema)).toThrow(EspalierError);
  });
});

describe("schemas without values", () => {
  const cases: readonly unknown[] = [
    false,
    { enum: [] },
    { type: "array", minItems: 2, maxItems: 1 },
    { type: "object", required: ["tags"], properties: { tags: { type: "array", minItems: 2, maxItems: 1 } } },
    { type: "integer", exclusiveMinimum: 1, exclusiveMaximum: 2 },
    { type: "string", pattern: "^a", enum: ["b"] },
    { type: "object", required: ["a"], propertyNames: { pattern: "^b" } },
    { type: "object", required: ["next"], properties: { next: { $ref: "#" } } },
    { type: "array", minItems: 1, items: { $ref: "#" } },
    { type: "array", minItems: 3, uniqueItems: true, items: { type: "boolean" } },
  ];
  test.each(cases)("%j", (schema) => {
    const compiled = new JsonSchema(schema);
    expect(compiled.isSatisfiable).toBe(false);
    expect(compiled.shortest).toBeUndefined();
    expect(() => compiled.constraint(vocabulary)).toThrow(UnsatisfiableError);
    expect(errorOf(() => compiled.constraint(vocabulary))).toMatchObject({ code: "unsatisfiable" });
  });
});

describe("what works although it is large", () => {
  const cases: readonly (readonly [name: string, schema: unknown, member: string])[] = [
    [
      "a pattern with nested repetition",
      { type: "string", pattern: "(a+)+$" },
      '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
    ],
    ["an ambiguous pattern", { type: "string", pattern: "^(a|a)*b$" }, '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"'],
    ["a large count", { type: "string", pattern: "^a{1,50000}$" }, '"aaa"'],
    ["a large count anywhere", { type: "string", pattern: "a{1,50000}" }, '"bab"'],
    ["counts of counts", { type: "string", pattern: "^(a{1,500}){1,500}$" }, '"aaa"'],
    ["long strings", { type: "string", maxLength: 1_000_000_000 }, '"abc"'],
    ["many items", { type: "array", maxItems: 1_000_000_000 }, "[1,2]"],
    ["nested arrays", nested(399, (items) => ({ type: "array", items })), "[[[1]]]".replace("1", "[]")],
    ["nested negations", nested(398, (not) => ({ not })), "1"],
    ["a long enum", { enum: times(50_000, (i) => `the value number ${i}`) }, '"the value number 49999"'],
    [
      "many alternatives",
      { anyOf: times(500, (i) => ({ properties: { kind: { const: i } }, required: ["kind"] })) },
      '{"kind":499}',
    ],
    [
      "a reference that no value reaches",
      { properties: { a: { $ref: "#/$defs/a" } }, $defs: { a: { $ref: "#/$defs/a" } } },
      "{}",
    ],
  ];
  test.each(cases)("%s", (_, schema, member) => {
    const { automaton } = use(schema);
    expect(accepts(automaton, member)).toBe(true);
  });
});

describe("what is beyond the limits", () => {
  const cases: readonly (readonly [name: string, schema: unknown, error: object])[] = [
    ["arrays, 10,000 deep", nested(10_000, (items) => ({ type: "array", items })), { limit: "maxDepth", allowed: 400 }],
    ["negations, 10,000 deep", nested(10_000, (not) => ({ not })), { limit: "maxDepth", allowed: 400 }],
    ["allOf, 10,000 deep", nested(10_000, (inner) => ({ allOf: [inner] })), { limit: "maxDepth", allowed: 400 }],
    [
      "groups of a pattern, 5,000 deep",
      { pattern: `${"(".repeat(5_000)}a${")".repeat(5_000)}` },
      { limit: "maxNesting" },
    ],
  ];
  test.each(cases)("%s", (_, schema, error) => {
    expect(errorOf(() => new JsonSchema(schema))).toMatchObject({
      code: "limit-exceeded",
      place: expect.any(String),
      ...error,
    });
    expect(() => new JsonSchema(schema)).toThrow(LimitExceededError);
  });

  test("the place of a deep schema is shortened", () => {
    const { place } = errorOf(() => new JsonSchema(nested(10_000, (not) => ({ not })))) as EspalierError;
    expect(place).toMatch(/^#\/not\/not.*not\/not$/);
    expect(place!.length).toBeLessThan(200);
  });
});

describe("vocabularies that lack characters", () => {
  const letters = [...'}[]:,"ab01'];
  test("without an opening brace there are no objects", () => {
    const schema = new JsonSchema({ type: "object" }, { whitespace: "" });
    expect(() => schema.constraint(wordVocabulary(letters))).toThrow(UnsatisfiableError);
    expect(errorOf(() => schema.constraint(wordVocabulary(letters)))).toMatchObject({ code: "unsatisfiable" });
  });

  test("what can be spelled otherwise is", () => {
    const vocabularyWithout = wordVocabulary(letters);
    const schema = new JsonSchema({ type: ["object", "array"], maxItems: 0 }, { whitespace: "" });
    const matcher = schema.constraint(vocabularyWithout).matcher();
    expect(maskOf(matcher, vocabularyWithout).map((token) => letters[token])).toEqual(["["]);
  });
});

describe("cancellation", () => {
  const schema = {
    anyOf: times(500, (i) => ({ properties: { kind: { const: i }, [`key${i}`]: { type: "string" } } })),
  };

  test("before the start", () => {
    const reason = new Error("enough");
    expect(errorOf(() => new JsonSchema(schema, { signal: AbortSignal.abort(reason) }))).toMatchObject({
      code: "aborted",
      cause: reason,
    });
    expect(() => new JsonSchema(schema, { signal: AbortSignal.abort() })).toThrow(AbortedError);
  });

  test("a budget that runs out leaves nothing half-done", () => {
    const limited = { allOf: times(50, (i) => ({ not: { pattern: `^${"ab".repeat(i)}c` } })) };
    const error = errorOf(() => new JsonSchema(limited, { maxWork: 20 }));
    expect(error).toMatchObject({ code: "limit-exceeded", limit: "maxWork", allowed: 20 });
    const { automaton } = new JsonSchema(limited);
    expect(accepts(automaton, '"abac"')).toBe(true);
    expect(accepts(automaton, '"ababc"')).toBe(false);
  });
});
