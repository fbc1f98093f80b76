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
    [{ items: { uniqueItems: "yes" } }, "#/items/uniqueItems"],
    [{ const: undefined }, "#/const"],
    [{ enum: [1, NaN] }, "#/enum/1"],
    [{ enum: [1, { a: Infinity }] }, "#/enum/1"],
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
    [
      "an exact text of 50,000 characters as a pattern",
      { type: "string", pattern: `^${"abcdefgh".repeat(6_250)}$` },
      JSON.stringify("abcdefgh".repeat(6_250)),
    ],
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

describe("what works, or is refused with a limit", () => {
  const properties = (count: number, value: unknown = { type: "string" }): Record<string, unknown> =>
    Object.fromEntries(times(count, (i) => [`key${i}`, value]));
  const works: readonly (readonly [name: string, schema: unknown])[] = [
    ["100,000 properties", { type: "object", properties: properties(100_000) }],
    ["10 MB of description", { type: "object", description: "x".repeat(10_000_000) }],
    ["50 members at least", { type: "object", minProperties: 50 }],
    ["100 different items", { type: "array", minItems: 100, uniqueItems: true }],
    [
      "as many different items as there are",
      { type: "array", minItems: 30, uniqueItems: true, items: { enum: times(30, (i) => i) } },
    ],
    ["2,000 objects to choose from", { enum: times(2_000, (i) => ({ a: i, b: [i, `x${i}`] })) }],
    ["50,000 strings to stay away from", { type: "string", not: { enum: times(50_000, (i) => `v${i}`) } }],
    [
      "30 conditions",
      {
        allOf: times(30, (i) => ({
          if: { properties: { [`a${i}`]: { const: 1 } }, required: [`a${i}`] },
          then: { required: [`b${i}`] },
          else: { required: [`c${i}`] },
        })),
      },
    ],
    [
      "twelve demands on four items",
      { type: "array", maxItems: 4, allOf: times(12, (i) => ({ contains: { type: "integer", multipleOf: i + 2 } })) },
    ],
    [
      "one of 100 that overlap",
      {
        oneOf: times(100, (i) => ({
          type: "object",
          properties: { [`k${i}`]: { type: "integer" }, shared: { type: "string" } },
          required: [`k${i}`],
        })),
      },
    ],
    ["300 levels of allOf", nested(300, (inner) => ({ allOf: [inner, { properties: { a: { type: "string" } } }] }))],
    [
      "1,000 references in a row",
      {
        $ref: "#/$defs/a0",
        $defs: Object.fromEntries(
          times(1_001, (i) => [`a${i}`, i === 1_000 ? { type: "integer" } : { $ref: `#/$defs/a${i + 1}` }]),
        ),
      },
    ],
    [
      "references to each other",
      {
        $ref: "#/$defs/a",
        $defs: {
          a: { properties: { b: { $ref: "#/$defs/b" } }, required: ["b"] },
          b: { anyOf: [{ $ref: "#/$defs/a" }, { type: "array", items: { $ref: "#/$defs/b" }, minItems: 2 }] },
        },
      },
    ],
    [
      "alternatives of alternatives",
      {
        $ref: "#/$defs/a0",
        $defs: Object.fromEntries(
          times(31, (i) => [
            `a${i}`,
            i === 30
              ? { type: "integer" }
              : {
                  allOf: [{ $ref: `#/$defs/a${i + 1}` }],
                  anyOf: [{ $ref: `#/$defs/a${i + 1}` }, { $ref: `#/$defs/a${i + 1}` }],
                },
          ]),
        ),
      },
    ],
  ];
  test.each(works)("%s", (_, schema) => {
    const constraint = use(schema);
    expect(constraint.matcher().minTokensToFinish()).toBeGreaterThan(0);
  });

  const refused: readonly (readonly [name: string, schema: unknown, limit: string])[] = [
    ["a million members at least", { type: "object", minProperties: 1_000_000 }, "maxPlannedParts"],
    ["a million items at least", { type: "array", minItems: 1_000_000 }, "maxPlannedParts"],
    ["5,000 different items", { type: "array", minItems: 5_000, uniqueItems: true }, "maxPlannedParts"],
    ["a thousand million characters", { type: "string", minLength: 1_000_000_000 }, "maxWitnessLength"],
    ["100,000 numbers to choose from", { enum: times(100_000, (i) => i * 3.7) }, "maxNumberAlternatives"],
    [
      "2,000 objects to stay away from",
      { type: "object", not: { enum: times(2_000, (i) => ({ a: i, b: `x${i}` })) } },
      "maxWork",
    ],
    [
      "a tree of 2^40 leaves",
      {
        $ref: "#/$defs/a0",
        $defs: Object.fromEntries(
          times(41, (i) => [
            `a${i}`,
            i === 40
              ? { type: "integer" }
              : {
                  type: "object",
                  required: ["l", "r"],
                  properties: { l: { $ref: `#/$defs/a${i + 1}` }, r: { $ref: `#/$defs/a${i + 1}` } },
                },
          ]),
        ),
      },
      "maxWitnessLength",
    ],
    [
      "patterns whose product is large",
      {
        type: "string",
        allOf: times(12, (i) => ({ pattern: `${"abcdefghijkl"[i]}.{${i + 3}}z.{${i + 5}}${"lkjihgfedcba"[i]}` })),
      },
      "maxWork",
    ],
    [
      "nine pigeons for eight holes",
      {
        type: "object",
        required: times(9, (i) => `p${i}`),
        properties: Object.fromEntries(times(9, (i) => [`p${i}`, { enum: times(8, (hole) => hole) }])),
        allOf: times(8, (hole) => ({ oneOf: times(9, (i) => ({ properties: { [`p${i}`]: { const: hole } } })) })),
      },
      "maxWork",
    ],
  ];
  test.each(refused)("%s", (_, schema, limit) => {
    // A tenth of the default work, so that what is asserted is that all of it is counted.
    expect(errorOf(() => new JsonSchema(schema, { maxWork: 200_000 }))).toMatchObject({
      code: "limit-exceeded",
      limit,
    });
  });
});

describe("what grows no faster than the schema", () => {
  const work = (schema: unknown): number => new JsonSchema(schema).work;
  const chain = (count: number, offset: number): unknown => {
    let schema: unknown = {};
    for (let i = 0; i < count; i++) {
      const kind = { properties: { k: { const: offset + i } }, required: ["k"] };
      schema = { if: kind, then: { required: [`a${offset + i}`] }, else: schema };
    }
    return schema;
  };

  test("conditions, each in the other case of the one before", () => {
    expect(work(chain(160, 10_000))).toBeLessThan(8 * work(chain(40, 20_000)));
  });

  test("different items", () => {
    expect(work({ type: "array", minItems: 1_000, uniqueItems: true })).toBeLessThan(10_000);
  });

  test("exact patterns", () => {
    expect(work({ type: "string", pattern: `^${"hgfedcba".repeat(6_250)}$` })).toBeLessThan(400_000);
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

test("numbers with hundreds of digits take little work, and their digits count", () => {
  const schema = { type: "number", multipleOf: 7919, minimum: 1e300, maximum: 1e308 };
  const least = 10n ** 300n + ((7919n - (10n ** 300n % 7919n)) % 7919n);
  expect(new JsonSchema(schema, { maxWork: 5_000 }).shortest).toBe(String(least));
  const others = { ...schema, multipleOf: 7927 };
  expect(errorOf(() => new JsonSchema(others, { maxWork: 100 }))).toMatchObject({
    code: "limit-exceeded",
    limit: "maxWork",
  });
});
