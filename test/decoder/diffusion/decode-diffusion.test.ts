import {
  confidenceThreshold,
  decodeDiffusion,
  earlyCommit,
  fixedSchedule,
  type CanvasEvent,
  type DiffusionDecodeOptions,
  type DiffusionFinishEvent,
} from "@espalier/decoder";
import { vocabularyFromBytes, type Constraint, type TokenId, type Vocabulary } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../support/runs.ts";
import { isValidCanvas } from "./support/canvases.ts";
import { regexConstraint } from "./support/languages.ts";
import { isNestedList, LIST_PADDING, LIST_VOCABULARY, nestedLists } from "./support/nested-lists.ts";
import { noisyDiffusionModel } from "./support/noisy-diffusion-model.ts";

interface Run {
  readonly canvases: CanvasEvent[];
  readonly finish: DiffusionFinishEvent;
}

async function run(options: DiffusionDecodeOptions): Promise<Run> {
  const canvases: CanvasEvent[] = [];
  for await (const event of decodeDiffusion(options)) {
    if (event.type === "finish") return { canvases, finish: event };
    canvases.push(event);
  }
  throw new Error("No finish event.");
}

// Bytes, then some longer tokens, 260 ends, 261 pads, 262 masks.
const TEXT = vocabularyFromBytes(
  [
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
    '{"',
    '": ',
    "ab",
    "}",
    undefined,
    undefined,
    undefined,
  ],
  { eosTokens: [260] },
);

interface Language {
  readonly name: string;
  readonly vocabulary: Vocabulary;
  readonly constraint: Constraint;
  readonly isMember: (text: string) => boolean;
  readonly special: { readonly eos: TokenId; readonly pad: TokenId; readonly mask: TokenId };
}

const person = {
  type: "object",
  properties: { name: { type: "string", maxLength: 6 }, age: { type: "integer", minimum: 0, maximum: 150 } },
  required: ["age"],
};

function isPerson(text: string): boolean {
  const value = JSON.parse(text) as { name?: unknown; age?: unknown };
  const { name, age } = value;
  const isName = name === undefined || (typeof name === "string" && [...name].length <= 6);
  return isName && Number.isInteger(age) && (age as number) >= 0 && (age as number) <= 150;
}

const bytes = { eos: 260, pad: 261, mask: 262 };
const languages: Language[] = [
  {
    name: "a regular expression",
    vocabulary: TEXT,
    constraint: regexConstraint("(ab|ba){2,5}c?", TEXT),
    isMember: (text) => /^(ab|ba){2,5}c?$/.test(text),
    special: bytes,
  },
  {
    name: "a schema that captures unnamed keys",
    vocabulary: TEXT,
    constraint: new JsonSchema(person).constraint(TEXT),
    isMember: isPerson,
    special: bytes,
  },
  {
    name: "lists in lists",
    vocabulary: LIST_VOCABULARY,
    constraint: nestedLists(),
    isMember: isNestedList,
    special: { eos: 7, pad: LIST_PADDING[0], mask: 8 },
  },
];

const settings = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 12, max: 20 }),
  policy: fc.constantFrom(
    fixedSchedule(),
    fixedSchedule({ tokensPerStep: 4 }),
    confidenceThreshold({ threshold: 0.3 }),
    earlyCommit({ stages: [{ from: 0.5, gap: 0.5 }] }),
  ),
  blockLength: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  proposals: fc.constantFrom("trellis" as const, "viability" as const),
  confidence: fc.constantFrom("posterior" as const, "model" as const),
  candidates: fc.constantFrom("all" as const, 3),
  maxStates: fc.constantFrom(1024, 8),
  temperature: fc.constantFrom(0, 0.7),
});

describe.each(languages)("$name", ({ vocabulary, constraint, isMember, special }) => {
  test("every canvas is valid at its end, and can be completed on the way", async () => {
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, length, proposals, temperature, ...others }) => {
        const { eos, pad, mask } = special;
        const model = noisyDiffusionModel({
          vocabularySize: vocabulary.size,
          maskToken: mask,
          eosTokens: [eos],
          padToken: pad,
          seed,
        });
        const { canvases, finish } = await run({
          model,
          constraint,
          prompt: [1],
          canvas: length,
          proposals,
          temperature: proposals === "viability" ? 0 : temperature,
          seed,
          beamWidth: 16,
          ...others,
        });
        const language = { vocabulary, isMember, paddingTokens: [pad] };
        expect(finish.canvas.length).toBe(length);
        expect(isValidCanvas(finish.canvas, language)).toBe(true);
        expect(isMember(finish.text)).toBe(true);
        expect(finish.reason).toBe("end");
        expect(finish.usage.modelCalls).toBe(model.stats.calls);
        const all = canvases.flatMap(({ committed }) => committed);
        expect(new Set(all).size).toBe(all.length);
        let before: readonly (TokenId | undefined)[] = Array.from({ length }, () => undefined);
        for (const { tokens, proposal, committed } of canvases) {
          // Committed tokens stay, and what is proposed has them and is valid.
          expect(isValidCanvas(proposal, language)).toBe(true);
          tokens.forEach((token, position) => {
            if (token !== undefined) expect(proposal[position]).toBe(token);
            if (before[position] !== undefined) expect(token).toBe(before[position]);
            if (token !== undefined && before[position] === undefined) expect(committed).toContain(position);
          });
          before = tokens;
        }
        const last = canvases.at(-1)!;
        expect(finish.canvas.filter((_, at) => last.tokens[at] !== undefined)).toEqual(
          last.tokens.filter((token) => token !== undefined),
        );
      }),
      { numRuns: runs(12) },
    );
  });
});

const REGEX = languages[0];

function modelFor(likes?: readonly TokenId[], promptLength = 0) {
  return noisyDiffusionModel({
    vocabularySize: TEXT.size,
    maskToken: 262,
    eosTokens: [260],
    padToken: 261,
    ...(likes === undefined ? {} : { likes }),
    promptLength,
  });
}

describe("impossible canvases are refused before the first model call", () => {
  test.each([
    ["too short", { canvas: 1 }, { code: "limit-exceeded", limit: "canvasLength", allowed: 1, needed: 3 }],
    ["contradictory", { canvas: [undefined, 0x7a, undefined] }, { code: "unsatisfiable", place: "canvas[1]" }],
    ["beyond the context", { canvas: 5_000 }, { code: "limit-exceeded", limit: "contextLength" }],
    ["no positions", { canvas: 0 }, { code: "invalid-input", place: "canvas" }],
    ["an unknown token", { canvas: [9_999] }, { code: "invalid-input", place: "canvas[0]" }],
    ["a block of nothing", { canvas: 9, blockLength: 0 }, { code: "invalid-input", place: "blockLength" }],
    ["no candidates", { canvas: 9, candidates: 0 }, { code: "invalid-input", place: "candidates" }],
    ["a negative temperature", { canvas: 9, temperature: -1 }, { code: "invalid-input", place: "temperature" }],
  ])("%s", async (_, options, error) => {
    const model = modelFor();
    // A regular expression whose shortest text has four letters: two of them are one token.
    const constraint = regexConstraint("abcab|xxabab", TEXT);
    const refused = run({ model, constraint, prompt: [], ...options });
    await expect(refused).rejects.toMatchObject(error);
    expect(model.stats.calls).toBe(0);
  });
});

test("what is forced takes no model call", async () => {
  const model = modelFor();
  const { finish } = await run({ model, constraint: regexConstraint("xyz", TEXT), prompt: [], canvas: 3 });
  expect(finish.text).toBe("xyz");
  expect(finish.usage).toMatchObject({ modelCalls: 0, forcedTokens: 3 });
});

test("a canvas with tokens is filled in around them", async () => {
  const canvas = [undefined, 0x61, undefined, undefined, undefined, undefined];
  const { finish } = await run({ model: modelFor(), constraint: REGEX.constraint, prompt: [], canvas });
  expect(finish.canvas[1]).toBe(0x61);
  expect(REGEX.isMember(finish.text)).toBe(true);
});

test("follows the model where the constraint lets it", async () => {
  const wanted = [..."baabbac"].map((letter) => letter.charCodeAt(0));
  const model = functionLikes(wanted);
  const { finish } = await run({ model, constraint: REGEX.constraint, prompt: [], canvas: 12 });
  expect(finish.text).toBe("baabbac");
  const free = await run({ model, vocabulary: TEXT, prompt: [], canvas: 12 });
  expect(free.finish).toMatchObject({ text: "baabbac", reason: "end" });
  expect(free.finish.usage.modelCalls).toBe(1);
});

function functionLikes(wanted: readonly TokenId[]) {
  const likes = [...wanted, 260, ...Array.from({ length: 20 }, () => 261)];
  return noisyDiffusionModel({
    vocabularySize: TEXT.size,
    maskToken: 262,
    eosTokens: [260],
    padToken: 261,
    likes: likes.slice(0, 12),
    seed: 3,
  });
}

test("free text ends at its end token, or is cut off", async () => {
  const { finish } = await run({ model: modelFor(Array(8).fill(0x61)), vocabulary: TEXT, prompt: [], canvas: 8 });
  expect(finish.tokens.length + (finish.reason === "end" ? 1 : 0)).toBeLessThanOrEqual(8);
  expect(finish.text).toBe(TEXT.decode(finish.tokens));
});

test("same seed, same canvas; other seed, other canvas", async () => {
  const options = { model: modelFor(), constraint: REGEX.constraint, prompt: [], canvas: 12, temperature: 3 };
  const texts = new Set<string>();
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const [first, second] = [await run({ ...options, seed }), await run({ ...options, seed })];
    expect(first.finish.canvas).toEqual(second.finish.canvas);
    texts.add(first.finish.text);
  }
  expect(texts.size).toBeGreaterThan(1);
});

test("policies see probabilities and decide how many calls it takes", async () => {
  const calls = async (policy: DiffusionDecodeOptions["policy"]): Promise<number> => {
    const { finish } = await run({ model: modelFor(), constraint: REGEX.constraint, prompt: [], canvas: 12, policy });
    return finish.usage.modelCalls;
  };
  expect(await calls(fixedSchedule({ tokensPerStep: 100 }))).toBe(1);
  expect(await calls({ name: "none", choose: () => [] })).toBeGreaterThan(3);
  expect(await calls({ name: "out of range", choose: () => [99, -1] })).toBeGreaterThan(3);
  const seen: number[] = [];
  await calls({
    name: "watching",
    choose: ({ positions, probabilities, gaps }) => {
      expect(probabilities.length).toBe(positions.length);
      expect(gaps.length).toBe(positions.length);
      expect(probabilities.every((each) => each >= 0 && each <= 1)).toBe(true);
      seen.push(positions.length);
      return [0];
    },
  });
  expect(seen.length).toBeGreaterThan(3);
});

test("an aborted signal ends it", async () => {
  const controller = new AbortController();
  const model = modelFor();
  const events = decodeDiffusion({
    model,
    constraint: REGEX.constraint,
    prompt: [],
    canvas: 12,
    signal: controller.signal,
    policy: fixedSchedule(),
  });
  await events.next();
  controller.abort();
  await expect(events.next()).rejects.toMatchObject({ code: "aborted" });
  expect(model.stats.calls).toBe(1);
});
