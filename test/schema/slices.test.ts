import { AbortedError, LimitExceededError, WorkBudget } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { accepts } from "../support/automaton-texts.ts";
import { expectAgreement } from "../support/oracle-agreement.ts";
import { candidates } from "../support/random-candidate.ts";
import { randomSchemas, type Schema, type SchemaObject } from "../support/random-schema.ts";
import { runs } from "../support/runs.ts";
import { schemaOracle } from "../support/schema-oracle.ts";

// Time is work here: the clock that slices look at moves with the steps that are spent, and a little with each look, so that what
// spends nothing does not stand still.

const WORK_PER_MS = 1_000;

let work = 0;

afterEach(() => vi.restoreAllMocks());

function countWork(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the budget that it is called on
  const spend = WorkBudget.prototype.spend;
  work = 0;
  vi.spyOn(WorkBudget.prototype, "spend").mockImplementation(function (this: WorkBudget, steps = 1) {
    // What is charged beforehand is done bit by bit.
    work += Math.min(steps, 256);
    spend.call(this, steps);
  });
  vi.spyOn(performance, "now").mockImplementation(() => ++work / WORK_PER_MS);
}

/** The most work between two turns of the event loop while `doing` is on. */
async function longestTurn(doing: Promise<unknown>): Promise<number> {
  let isDone = false;
  let longest = 0;
  let since = work;
  const turn = (): void => {
    longest = Math.max(longest, work - since);
    since = work;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await doing.finally(() => (isDone = true));
  return Math.max(longest, work - since);
}

function list<Item>(count: number, item: (i: number) => Item): Item[] {
  return Array.from({ length: count }, (_, i) => item(i));
}

function record<Item>(count: number, key: string, item: (i: number) => Item): Record<string, Item> {
  return Object.fromEntries(list(count, (i) => [`${key}${i}`, item(i)]));
}

const LARGE: Record<string, () => SchemaObject> = {
  properties: () => ({ properties: record(20_000, "p", (i) => ({ type: "integer", minimum: i })) }),
  "properties, all of them required": () => ({
    type: "object",
    properties: record(3_000, "p", (i) => ({ type: "integer", minimum: i })),
    required: list(3_000, (i) => `p${i}`),
  }),
  required: () => ({ type: "object", required: list(20_000, (i) => `key${(i * 7) % 20_000}`) }),
  "enum of objects": () => ({ enum: list(2_000, (i) => ({ id: i, tags: [i % 7, "x"] })) }),
  "enum of strings": () => ({ enum: list(20_000, (i) => `value ${i}`) }),
  const: () => ({ const: list(2_000, (i) => ({ id: i })) }),
  prefixItems: () => ({ prefixItems: list(5_000, (i) => ({ minimum: i })), items: false }),
  allOf: () => ({ allOf: list(1_000, (i) => ({ properties: { [`p${i}`]: { type: "integer" } } })) }),
  anyOf: () => ({ anyOf: list(1_000, (i) => ({ type: "object", required: [`k${i}`], maxProperties: 1 })) }),
  oneOf: () => ({
    oneOf: list(300, (i) => ({ required: ["k"], properties: { k: { const: `k${i}` } }, type: "object" })),
  }),
  "oneOf of strings": () => ({ oneOf: list(1_000, (i) => ({ const: `k${i}` })) }),
  dependentSchemas: () => ({ dependentSchemas: record(500, "k", (i) => ({ required: [`r${i}`] })) }),
  dependentRequired: () => ({ dependentRequired: record(500, "k", (i) => [`r${i}`]) }),
  definitions: () => ({
    $defs: record(1_000, "d", (i) => ({
      properties: { next: { $ref: `#/$defs/d${(i + 1) % 1_000}` } },
      type: "object",
    })),
    $ref: "#/$defs/d0",
    required: ["next"],
  }),
  "a long alternation": () => ({ pattern: `^(?:${list(5_000, (i) => `w${i}`).join("|")})$`, type: "string" }),
  "patterns that overlap": () => ({
    patternProperties: record(8, "a", (i) => ({ minimum: i })),
    additionalProperties: false,
    required: ["a1a2a3"],
    minProperties: 2,
  }),
  "patterns without a common text": () => ({
    allOf: list(6, (i) => ({ pattern: `^(?:[ab]{${i + 2}})*a[ab]{${i}}$` })),
    type: "string",
    not: { pattern: "b" },
  }),
};

describe("the work of a slice is bounded", () => {
  test.each(Object.entries(LARGE))("%s", async (_, schemaOf) => {
    countWork();
    const schema = { ...schemaOf(), title: "bounded" };
    const compiling = JsonSchema.compile(schema, { sliceMs: 2 }).catch((error: unknown) => {
      if (!(error instanceof LimitExceededError)) throw error;
    });
    const longest = await longestTurn(compiling);
    expect(longest).toBeLessThan(3 * 2 * WORK_PER_MS);
  });
});

test("work is not done over and over", async () => {
  countWork();
  await JsonSchema.compile({ ...LARGE["enum of objects"](), title: "in a few slices" }, { sliceMs: 1_000 });
  const atOnce = work;
  work = 0;
  // Other objects, of which nothing is known yet.
  const others = list(2_000, (i) => ({ id: i + 10_000, tags: [i % 7, "y"] }));
  await JsonSchema.compile({ enum: others }, { sliceMs: 1 });
  expect(work).toBeLessThan(2 * atOnce);
});

test("random schemas, with as many interruptions as there may be, agree with ajv", async () => {
  let compared = 0;
  const lists = fc.array(candidates, { minLength: 1, maxLength: 12, size: "max" });
  await fc.assert(
    fc.asyncProperty(randomSchemas("2020-12"), lists, async (schema, tried) => {
      const isValid = schemaOracle(schema);
      try {
        const { automaton } = await JsonSchema.compile(schema, { propertyOrder: "any", sliceMs: 0 });
        compared += expectAgreement(automaton, schema, isValid, tried).length;
      } catch (error) {
        if (!(error instanceof LimitExceededError)) throw error;
      }
    }),
    { numRuns: runs(100), endOnFailure: true },
  );
  expect(compared).toBeGreaterThan(runs(100));
});

test("a signal ends compiling within a slice, wherever it is, and leaves nothing half done", async () => {
  const names = ["required", "enum of objects", "const", "allOf", "anyOf", "oneOf", "dependentSchemas", "definitions"];
  const schemas = names.map((name) => LARGE[name]);
  await fc.assert(
    fc.asyncProperty(fc.nat(schemas.length - 1), fc.nat(60), fc.nat(0xffff), async (which, turnsBefore, number) => {
      const schema = { ...schemas[which](), title: `${number}` };
      const controller = new AbortController();
      let turns = 0;
      let after = 0;
      const turn = (): void => {
        if (turns++ >= turnsBefore) controller.abort();
        if (controller.signal.aborted) after++;
        if (after < 10) setImmediate(turn);
      };
      setImmediate(turn);
      const ended = await JsonSchema.compile(schema, { sliceMs: 0.2, signal: controller.signal }).then(
        () => "compiled",
        (error: unknown) => error,
      );
      // The event loop turns once between the signal and the end of the slice that sees it.
      expect(ended instanceof AbortedError ? after : 0).toBeLessThanOrEqual(2);
      after = 10;
      if (!(ended instanceof AbortedError)) return;
      const [afterwards, again] = [resultOf(schema), resultOf({ ...schema, title: `${number} again` })];
      expect(afterwards).toEqual(again);
    }),
    { numRuns: runs(12), endOnFailure: true },
  );
});

function resultOf(schema: Schema): unknown {
  try {
    const { automaton, isSatisfiable } = new JsonSchema(schema);
    return [isSatisfiable, ...["{}", "[]", "1", '"k1"', '{"k":"k1"}'].map((text) => accepts(automaton, text))];
  } catch (error) {
    if (error instanceof LimitExceededError) return error.limit;
    throw error;
  }
}
