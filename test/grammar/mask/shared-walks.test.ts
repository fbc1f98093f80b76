import { DEAD, MaskCache, type MemoisedFrameMachine, type PushdownAutomaton, type State } from "@espalier/grammar";
import { JsonSchema, type JsonSchemaOptions } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { naiveMask, tokensOf } from "../../support/mask-lists.ts";
import type { Schema } from "../../support/random-schema.ts";
import { runs } from "../../support/runs.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

// What frames share: walks of a subtree as far as two frames are alike in it, suffixes, positions inside keys. The masks are those of
// no sharing at all, and the work is less.

const vocabulary = llama3Vocabulary();
const words = new Uint32Array(vocabulary.maskWords);

function automatonOf(schema: Schema, propertyOrder: JsonSchemaOptions["propertyOrder"] = "any"): PushdownAutomaton {
  return new JsonSchema(schema, { propertyOrder }).automaton;
}

function stateAfter(automaton: PushdownAutomaton, text: string): State {
  let state = automaton.start;
  for (const byte of Buffer.from(text)) state = automaton.next(state, byte);
  expect({ text, alive: state !== DEAD }).toEqual({ text, alive: true });
  return state;
}

const BOUNDED: readonly { readonly schema: Schema; readonly texts: readonly string[] }[] = [
  { schema: { type: "string", maxLength: 9 }, texts: ['"', '"ab', '"abcdefgh', '"abcdefghi', '"\\u00e9', '"é'] },
  { schema: { type: "string", maxLength: 25 }, texts: ['"', '"ab'] },
  { schema: { type: "string", minLength: 4, maxLength: 12 }, texts: ['"', '"ab', '"abcd'] },
  { schema: { type: "string", pattern: "^[a-z]*$", maxLength: 14 }, texts: ['"', '"abcdefgh'] },
  {
    schema: { type: "string", pattern: "^(ab|cd.{3})*$", maxLength: 20 },
    texts: ['"', '"abcd', '"ababababababababab'],
  },
  { schema: { type: "string", pattern: "^a*b{10}$", maxLength: 16 }, texts: ['"', '"aaaa', '"aaaaaa', '"aaaab'] },
  { schema: { type: "string", pattern: "^(\\S+\\s+){0,3}\\S+$", maxLength: 30 }, texts: ['"', '"one', '"one two '] },
];

/** Repeated characters, which are counted and not walked: the class, and texts in it. */
const COUNTED: readonly { readonly of: string; readonly members: readonly string[] }[] = [
  { of: ".", members: ["a", "é", "日", "🙂", '\\"', "\\u00e9", "\\\\"] },
  { of: "[a-z]", members: ["a", "z", "\\u0062"] },
  { of: "[0-9A-Fa-f]", members: ["0", "C"] },
  { of: '[^"\\\\/]', members: ["x", "ü", "\\t"] },
  { of: "[à-ÿ\\n]", members: ["é", "\\n", "ÿ"] },
];

/** Where whole subtrees are allowed unseen: a frame lives through any text of some alphabet. */
const SURVIVING: readonly { readonly schema: Schema; readonly texts: readonly string[] }[] = [
  { schema: { type: "string" }, texts: ['"', '"a', '"\\u00', '"\\ud83d', '"é'] },
  { schema: { type: "string", pattern: "^.*$" }, texts: ['"', '"\u2027'] },
  { schema: { type: "string", pattern: "\\w+@\\w+" }, texts: ['"', '"ab', '"ab@', '"ab@c'] },
  { schema: { type: "string", pattern: "foo|b[^a-m]r" }, texts: ['"', '"f', '"foo'] },
  { schema: { type: "string", pattern: "^[A-Za-z0-9]{8}-[a-z_]*$" }, texts: ['"', '"abcd', '"abcdefgh-'] },
  { schema: { type: "string", pattern: "^[^<>]*$" }, texts: ['"', '"a b'] },
  { schema: { type: "string", pattern: "^[\\u2028-\\uffff ]*$" }, texts: ['"', '"\u3042'] },
  { schema: { type: "string", format: "date-time" }, texts: ['"', '"2024-02-'] },
];

/** Positions inside keys, which are compared only where keys differ, escapes included. */
const KEYS: readonly { readonly schema: Schema; readonly texts: readonly string[] }[] = [
  {
    schema: { properties: { name: {}, names: { type: "null" }, "na\nme": {}, 'a"b': {}, é: {}, "": {} } },
    texts: [
      "{",
      '{"',
      '{"na',
      '{"name',
      '{"na\\',
      '{"\\',
      '{"\\u',
      '{"\\u006',
      '{"\u00e9"',
      '{"name": 1, "',
      '{"x": 1, "',
    ],
  },
  {
    schema: { properties: { id: {}, idea: {}, type: {} }, additionalProperties: false },
    texts: ["{", '{"', '{"i', '{"id', '{"\\', '{"\\u0069', '{"id": 1, "', '{"id": 1, "type": 2, "'],
  },
  {
    schema: {
      properties: { a: {} },
      patternProperties: { "^x-": { type: "string" } },
      propertyNames: { maxLength: 5 },
    },
    texts: ['{"', '{"x', '{"x-', '{"x-abc', '{"abcd'],
  },
];

test.each([...BOUNDED, ...SURVIVING, ...KEYS])("masks where work is left out: $schema", ({ schema, texts }) => {
  const automaton = automatonOf(schema);
  const masks = new MaskCache(automaton, vocabulary);
  for (const text of texts) {
    const state = stateAfter(automaton, text);
    for (const time of ["first", "again"]) {
      masks.fill(state, words);
      expect({ text, time, tokens: tokensOf(words, vocabulary) }).toEqual({
        text,
        time,
        tokens: naiveMask(automaton, state, vocabulary),
      });
    }
  }
});

test("masks of counted characters", () => {
  const cases = fc.record({
    characters: fc
      .constantFrom(...COUNTED)
      .chain(({ of, members }) =>
        fc.record({ of: fc.constant(of), written: fc.array(fc.constantFrom(...members), { maxLength: 5 }) }),
      ),
    least: fc.nat({ max: 12 }),
    more: fc.option(fc.oneof(fc.nat({ max: 16 }), fc.constant(140)), { nil: Infinity }),
  });
  const property = fc.property(cases, ({ characters: { of, written }, least, more }) => {
    const most = least + more;
    fc.pre(written.length <= most);
    const pattern = `^${of}{${least},${most === Infinity ? "" : most}}$`;
    const automaton = automatonOf({ type: "string", pattern });
    const state = stateAfter(automaton, `"${written.join("")}`);
    new MaskCache(automaton, vocabulary).fill(state, words);
    expect(tokensOf(words, vocabulary)).toEqual(naiveMask(automaton, state, vocabulary));
  });
  fc.assert(property, { numRuns: runs(20) });
});

/** Patterns beside a greatest length, and texts that may begin their members. */
const BESIDE_LENGTH: readonly { readonly pattern: string; readonly beginnings: readonly string[] }[] = [
  { pattern: "^(\\S+\\s+){0,4}\\S+$", beginnings: ["", "a", "one two ", "日本 é"] },
  { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", beginnings: ["", "a", "a-b", "a-"] },
  { pattern: "^(ab|c{3})*d?$", beginnings: ["", "a", "abcc"] },
  { pattern: "^a*b{5}$", beginnings: ["", "aaa", "aaab"] },
  { pattern: '[\\n"]x', beginnings: ["", "a", "\\n", "\\u000ax", '\\"'] },
];

test("masks of patterns beside a greatest length", () => {
  const cases = fc.record({
    beside: fc
      .constantFrom(...BESIDE_LENGTH)
      .chain(({ pattern, beginnings }) =>
        fc.record({ pattern: fc.constant(pattern), beginning: fc.constantFrom(...beginnings) }),
      ),
    minLength: fc.nat({ max: 8 }),
    more: fc.nat({ max: 40 }),
  });
  const property = fc.property(cases, ({ beside: { pattern, beginning }, minLength, more }) => {
    const automaton = automatonOf({ type: "string", pattern, minLength, maxLength: minLength + 9 + more });
    const state = stateAfter(automaton, `"${beginning}`);
    new MaskCache(automaton, vocabulary).fill(state, words);
    expect(tokensOf(words, vocabulary)).toEqual(naiveMask(automaton, state, vocabulary));
  });
  fc.assert(property, { numRuns: runs(20) });
});

test("words that are counted beside a greatest length share the masks of the words", () => {
  const automaton = automatonOf({ type: "string", pattern: "^(\\S+\\s+){0,9}\\S+$", maxLength: 100 });
  const masks = new MaskCache(automaton, vocabulary);
  masks.fill(stateAfter(automaton, '"one'), words);
  const before = masks.stats.nodesWalked;
  const texts = ["two", "three", "fourteen", "x".repeat(60)];
  for (const text of texts) masks.fill(stateAfter(automaton, `"${text}`), words);
  expect((masks.stats.nodesWalked - before) / texts.length).toBeLessThan(vocabulary.trie.nodeCount / 100);
});

test("counted characters take few steps, whatever the count", () => {
  const automaton = automatonOf({ type: "string", pattern: "^[ -~]{0,8}$" });
  const masks = new MaskCache(automaton, vocabulary);
  masks.fill(stateAfter(automaton, '"'), words);
  const before = masks.stats.nodesWalked;
  for (let count = 1; count <= 8; count++) masks.fill(stateAfter(automaton, `"${"x".repeat(count)}`), words);
  expect(masks.stats.nodesWalked - before).toBeLessThan(vocabulary.trie.nodeCount / 20);
});

test("a bounded string costs the tokens that its bound decides", () => {
  const nodesFor = (schema: Schema): number => {
    const automaton = automatonOf(schema);
    const masks = new MaskCache(automaton, vocabulary);
    const before = masks.stats.nodesWalked;
    masks.fill(stateAfter(automaton, '"'), words);
    return masks.stats.nodesWalked - before;
  };
  nodesFor({ type: "string" });
  nodesFor({ type: "string", maxLength: 40 });
  expect(nodesFor({ type: "string", maxLength: 39 })).toBeLessThan(vocabulary.trie.nodeCount / 20);
  expect(nodesFor({ type: "string", maxLength: 19 })).toBeLessThan(vocabulary.trie.nodeCount / 4);
});

test("a string that survives any text costs the tokens that may end it", () => {
  const nodesFor = (schema: Schema): number => {
    const automaton = automatonOf(schema);
    const masks = new MaskCache(automaton, vocabulary);
    const before = masks.stats.nodesWalked;
    masks.fill(stateAfter(automaton, '"'), words);
    return masks.stats.nodesWalked - before;
  };
  for (const pattern of ["ab+c", "^.+$", "[0-9]{3}", "^[a-z]+$"]) {
    expect(nodesFor({ type: "string", pattern })).toBeLessThan(vocabulary.trie.nodeCount / 10);
  }
});

test("a string that counts words and characters at once takes few frames", () => {
  const machine = automatonOf({}).machine as MemoisedFrameMachine<object>;
  const before = machine.frameCount;
  const automaton = automatonOf({ type: "string", pattern: "^(?:\\S+\\s+){0,9}\\S+$", maxLength: 97 });
  const masks = new MaskCache(automaton, vocabulary);
  for (const text of ['"one', '"one two', '"one two three']) masks.fill(stateAfter(automaton, text), words);
  expect(machine.frameCount - before).toBeLessThan(5_000);
});

test("a mask asked for again is not worked out again", () => {
  const automaton = automatonOf({ properties: { name: { type: "string" } } });
  const masks = new MaskCache(automaton, vocabulary);
  const states = ["{", '{"name', '{"name": "x', '{"name": "x"'].map((text) => stateAfter(automaton, text));
  for (const state of states) masks.fill(state, words);
  const before = { ...masks.stats };
  for (const state of states) masks.fill(state, words);
  expect(masks.stats).toEqual({
    ...before,
    masks: before.masks + states.length,
    stateHits: before.stateHits + states.length,
  });
});

test("positions inside a key are those of all objects that have it left", () => {
  const member = { type: "integer" };
  const first = automatonOf({ properties: { a: member, b: member, name: member }, additionalProperties: false });
  const second = automatonOf({ properties: { name: member, other: {} }, additionalProperties: false });
  const frame = first.frameOf(stateAfter(first, '{"na'));
  expect(first.machine).toBe(second.machine);
  expect(first.frameOf(stateAfter(first, '{"a": 1, "na'))).toBe(frame);
  expect(first.frameOf(stateAfter(first, '{"b": 1, "a": 1, "na'))).toBe(frame);
  expect(second.frameOf(stateAfter(second, '{"na'))).toBe(frame);
});

test("a key that is not known yet leaves few tokens to be checked one by one", () => {
  const automaton = automatonOf({ additionalProperties: { enum: ["", 1, null] } });
  const masks = new MaskCache(automaton, vocabulary);
  const before = masks.stats.tokensChecked;
  for (const text of ['{"', '{"key', '{"key":', '{"key": "']) masks.fill(stateAfter(automaton, text), words);
  expect(masks.stats.tokensChecked - before).toBeLessThan(20);
});
