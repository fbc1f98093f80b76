import { CanvasWithHoles, fillHoles, type CanvasPart } from "@espalier/decoder";
import {
  choice,
  embedded,
  EspalierError,
  grammar as grammarFrom,
  InvalidInputError,
  LimitExceededError,
  GrammarLanguage,
  parseGbnf,
  parseLark,
  repeat,
  sequence,
  UnsatisfiableError,
  vocabularyFromBytes,
  WorkBudget,
  type Constraint,
  type Grammar,
  type Vocabulary,
} from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenGraphOf } from "../../../packages/decoder/src/diffusion/trellis/token-graph-of.ts";
import { slotsOf } from "../../../packages/decoder/src/diffusion/viability/canvas-part.ts";
import { chartSlots } from "../../../packages/decoder/src/diffusion/viability/chart-slots.ts";
import { ViableCanvas } from "../../../packages/decoder/src/diffusion/viability/viable-canvas.ts";
import { boundedLanguage } from "../../support/bounded-language.ts";
import { accepts } from "../../support/automaton-texts.ts";
import { wordsOf, wordsUpTo } from "../../support/brute-force.ts";
import { grammarOf, randomGrammars } from "../../support/random-grammar.ts";
import { runs } from "../../support/runs.ts";
import { fitsCanvas } from "./support/canvas-intersection.ts";
import { isValidCanvas, validCanvases, type CanvasLanguage } from "./support/canvases.ts";

// Tokens that cut words in more than one way; "ba" and "ab" overlap. The last two end the text and pad.
const TOKENS = vocabularyFromBytes(["a", "b", "ab", "ba", undefined, undefined], { eosTokens: [4] });
/** The same with every byte as a token of its own: 0 to 255, behind them "ab" and "ba". */
const WITH_BYTES = vocabularyFromBytes([...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), "ab", "ba"], {
  eosTokens: [],
});

function parts(tokens: readonly number[]): fc.Arbitrary<CanvasPart[]> {
  const part: fc.Arbitrary<CanvasPart> = fc.oneof(
    fc.array(fc.constantFrom(...tokens), { minLength: 1, maxLength: 3 }).map((each) => ({ tokens: each })),
    fc.integer({ min: 0, max: 3 }).map((length) => ({ hole: { minTokens: length, maxTokens: length } })),
    fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 3 })).map(([minTokens, maxTokens]) => ({
      hole: { minTokens, maxTokens },
    })),
    fc.constantFrom(0, 0, 1, 2).map((minTokens) => ({ hole: { minTokens } })),
  );
  return fc.array(part, { minLength: 1, maxLength: 5 });
}

function constraintOf(grammar: Grammar, vocabulary: Vocabulary): Constraint | undefined {
  const language = new GrammarLanguage(grammar);
  return language.isSatisfiable ? language.constraint(vocabulary) : undefined;
}

/** Whether `tokens` fill the holes of `canvas` and nothing else. */
function agrees(tokens: readonly number[], canvas: readonly CanvasPart[]): boolean {
  const [first, ...rest] = canvas;
  if (first === undefined) return tokens.length === 0;
  if ("tokens" in first) {
    return first.tokens.every((token, at) => tokens[at] === token) && agrees(tokens.slice(first.tokens.length), rest);
  }
  const { minTokens = 0, maxTokens = Infinity } = first.hole;
  for (let length = minTokens; length <= Math.min(maxTokens, tokens.length); length++) {
    if (agrees(tokens.slice(length), rest)) return true;
  }
  return false;
}

const VOCABULARIES: [string, Vocabulary, number[]][] = [
  ["tokens that overlap", TOKENS, [0, 1, 2, 3]],
  ["every byte a token", WITH_BYTES, [0x61, 0x62, 256, 257]],
];

/** The searches take minutes on some grammars, so these are the same each time. */
const SEED = 1;

describe("random grammars and holes", () => {
  test.each(VOCABULARIES)("%s: filled exactly when a text fits, with one that does", (_, vocabulary, tokens) => {
    const words = wordsOf(vocabulary).map((word) => (/^[ab]+$/.test(word ?? "") ? word : undefined));
    fc.assert(
      fc.property(randomGrammars, parts(tokens), (grammar, canvas) => {
        const constraint = constraintOf(grammar, vocabulary);
        if (constraint === undefined) return;
        const wanted = fitsCanvas(grammar, words, canvas);
        const filled = fillHoles(constraint, canvas);
        expect(filled !== undefined).toBe(wanted);
        const graph = tokenGraphOf(constraint, { eosTokens: [], paddingTokens: [] });
        const budget = new WorkBudget({ name: "maxWork", limit: 1_000_000 });
        const answer = chartSlots(graph, slotsOf(canvas, vocabulary.size), { budget });
        if (answer === "unknown") throw new Error("The chart of a grammar without lexing can always tell.");
        expect(answer.tokens !== undefined).toBe(wanted);
        for (const found of [filled, answer.tokens]) {
          if (found === undefined) continue;
          expect(agrees(found, canvas)).toBe(true);
          expect(fitsCanvas(grammar, words, [{ tokens: found }])).toBe(true);
        }
      }),
      { numRuns: runs(100), seed: SEED },
    );
  });

  test("committed one by one: refused exactly when no text fits any more, and the witness always does", () => {
    const words = wordsOf(TOKENS);
    const commit = fc.record({
      hole: fc.nat(),
      tokens: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
      before: fc.constantFrom({ maxTokens: 0 }, { minTokens: 1, maxTokens: 1 }, {}, { minTokens: 1 }),
    });
    fc.assert(
      fc.property(
        randomGrammars,
        parts([0, 1, 2, 3]),
        fc.array(commit, { maxLength: 4 }),
        (grammar, canvas, commits) => {
          const constraint = constraintOf(grammar, TOKENS);
          if (constraint === undefined) return;
          if (!fitsCanvas(grammar, words, canvas)) {
            expect(() => new CanvasWithHoles(constraint, canvas)).toThrow(UnsatisfiableError);
            return;
          }
          const subject = new CanvasWithHoles(constraint, canvas);
          for (const { hole, tokens, before } of commits) {
            const holes = [...subject.parts.keys()].filter((index) => "hole" in subject.parts[index]);
            if (holes.length === 0) break;
            const index = holes[hole % holes.length];
            const part = subject.parts[index];
            if (!("hole" in part)) throw new Error("That is a hole.");
            const { minTokens = 0, maxTokens = Infinity } = part.hole;
            const earlier = { minTokens: 0, maxTokens: Infinity, ...before };
            if (maxTokens !== Infinity && earlier.minTokens !== earlier.maxTokens) {
              expect(() => subject.commit(index, tokens, before)).toThrow(InvalidInputError);
              continue;
            }
            // The same as a canvas of its own.
            const after = {
              minTokens: Math.max(0, minTokens - earlier.minTokens - tokens.length),
              maxTokens: maxTokens - earlier.minTokens - tokens.length,
            };
            const wanted =
              after.maxTokens >= 0 &&
              fitsCanvas(grammar, words, [
                ...subject.parts.slice(0, index),
                { hole: earlier },
                { tokens },
                { hole: after },
                ...subject.parts.slice(index + 1),
              ]);
            expect(subject.commit(index, tokens, before)).toBe(wanted);
            expect(agrees(subject.witness, subject.parts)).toBe(true);
            expect(agrees(subject.witness, canvas)).toBe(true);
            expect(fitsCanvas(grammar, words, [{ tokens: subject.witness }])).toBe(true);
          }
        },
      ),
      { numRuns: runs(40), seed: SEED },
    );
  });

  test("what agrees with the witness is committed without a search", () => {
    const grammar = parseGbnf('root ::= "" | "a" root "b"');
    const subject = new CanvasWithHoles(constraintOf(grammar, TOKENS)!, [
      { hole: {} },
      { tokens: [1, 1, 1] },
      { hole: {} },
    ]);
    const { steps, witness } = subject;
    expect(steps).toBeGreaterThan(0);
    expect(subject.commit(0, witness.slice(0, 2))).toBe(true);
    expect(subject.commit(0 + 1, [witness[2]], { minTokens: 0, maxTokens: 0 })).toBe(true);
    expect(subject.steps).toBe(steps);
    expect(() => subject.commit(0, [0])).toThrow("There is no hole at parts[0]");
  });

  test("canvases of fixed length: a token is refused exactly when no valid canvas has it, by layers and by search", () => {
    const canvases = fc.array(fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined, freq: 5 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        randomGrammars,
        canvases,
        fc.constantFrom(1, 1000),
        fc.infiniteStream(fc.nat()),
        (grammar, canvas, maxStates, choices) => {
          const constraint = constraintOf(grammar, TOKENS);
          if (constraint === undefined) return;
          const members = boundedLanguage(grammar, ["a", "b"], 8);
          const language: CanvasLanguage = {
            vocabulary: TOKENS,
            isMember: (text) => members.has(text),
            paddingTokens: [5],
          };
          let valid = validCanvases(canvas, language);
          const graph = tokenGraphOf(constraint, { eosTokens: [4], paddingTokens: [5] });
          const make = (): ViableCanvas =>
            new ViableCanvas(
              graph,
              Int32Array.from(canvas, (token) => token ?? -1),
              { maxStates },
            );
          if (valid.length === 0) {
            expect(make).toThrow(EspalierError);
            return;
          }
          const subject = make();
          const open = [...canvas.keys()].filter((position) => canvas[position] === undefined);
          while (open.length > 0) {
            const position = open[choices.next().value! % open.length];
            const token = choices.next().value! % TOKENS.size;
            const left = valid.filter((each) => each[position] === token);
            expect(subject.commit(position, token)).toBe(left.length > 0);
            if (left.length > 0) {
              valid = left;
              open.splice(open.indexOf(position), 1);
            }
            expect(isValidCanvas([...subject.witness], language)).toBe(true);
          }
        },
      ),
      { numRuns: runs(60) },
    );
  });
});

describe("open-ended holes in languages without end", () => {
  const BRACKETS = vocabularyFromBytes(["(", ")", "((", "))", "x", "[", "]", " "], { eosTokens: [] });
  const [open, close, openTwo, closeTwo, x, openSquare, closeSquare, space] = [0, 1, 2, 3, 4, 5, 6, 7];
  const balanced = parseGbnf('root ::= "" | root "(" root ")" | root "[" root "]" | root "x"');

  test("a proof that there is none, though the states have no end", () => {
    const constraint = new GrammarLanguage(balanced).constraint(BRACKETS);
    const hole = { hole: {} };
    const no: CanvasPart[] = [hole, { tokens: [open, closeSquare] }, hole];
    expect(fillHoles(constraint, no)).toBeUndefined();
    const yes: CanvasPart[] = [hole, { tokens: [closeTwo, openSquare] }, hole, { tokens: [closeTwo] }, hole];
    const filled = fillHoles(constraint, yes)!;
    expect(agrees(filled, yes)).toBe(true);
  });

  test("exact, bounded and open-ended holes in one canvas", () => {
    const constraint = new GrammarLanguage(balanced).constraint(BRACKETS);
    const canvas = (length: number): CanvasPart[] => [
      { tokens: [openTwo, openTwo] },
      { hole: { minTokens: 1, maxTokens: 1 } },
      { tokens: [openSquare, openSquare] },
      { hole: { maxTokens: length } },
      { tokens: [x] },
      { hole: { minTokens: 2, maxTokens: 2 } },
    ];
    // Two tokens behind the x close one square bracket and two round ones, when two of those were closed early. So one must be closed before it.
    expect(fillHoles(constraint, canvas(0))).toBeUndefined();
    expect(agrees(fillHoles(constraint, canvas(1))!, canvas(1))).toBe(true);
  });

  test("deep: what was opened is opened three hundred times", () => {
    const constraint = new GrammarLanguage(balanced).constraint(BRACKETS);
    const canvas: CanvasPart[] = [{ hole: {} }, { tokens: Array.from({ length: 300 }, () => close) }];
    const filled = fillHoles(constraint, canvas, { maxWork: 20_000_000 })!;
    expect(agrees(filled, canvas)).toBe(true);
  });

  test("texts that are cut into terminals first: what the chart finds is checked, and what it excludes is excluded", () => {
    // Two names in a row need a space, which the productions alone do not say.
    const grammar = parseLark('start: NAME start | "(" start ")" | NAME\nNAME: /x+/\n%ignore " "\n');
    const constraint = new GrammarLanguage(grammar).constraint(BRACKETS);
    const hole = { hole: {} };
    expect(fillHoles(constraint, [{ tokens: [openTwo] }, hole, { tokens: [open, closeTwo] }, hole])).toBeUndefined();
    const filled = fillHoles(constraint, [{ tokens: [open] }, hole, { tokens: [space, x] }, hole])!;
    expect(BRACKETS.decode(filled)).toMatch(/^\(.* x.*\)$/);
  });
});

describe("grammars of which the chart knows more texts than there are", () => {
  const SYMBOLS = vocabularyFromBytes(["x", "y", "(", ")", " ", "xx", "x(", "1", ","], { eosTokens: [] });
  const LETTERS = ["x", "y", "(", ")", " ", "1", ","];
  const numbers = new JsonSchema({ enum: [1, 11, 1111] }, { whitespace: "" });
  const sources: Record<string, () => Grammar> = {
    "longest match": () => parseLark('start: NAME+ | "(" start ")"\nNAME: /x+y?/\n%ignore " "\n'),
    keywords: () => parseLark('start: "xx" NAME | NAME start\nNAME: /[xy]+/\n%ignore /[ ]+/\n'),
    "what is ignored looks like the rest": () => parseLark('start: "x" start "y" | "(" ")"\n%ignore /[ (]x[ )]/\n'),
    "other automata inside": () =>
      grammarFrom(sequence(repeat("x"), embedded(numbers.automaton), choice("y", ",1", ""))),
  };
  // What is read by the automaton, word by word.
  const texts = wordsUpTo(LETTERS, 5);

  test.each(Object.keys(sources))("%s: nothing is excluded that there is", (name) => {
    const constraint = new GrammarLanguage(sources[name]()).constraint(SYMBOLS);
    const members = texts.filter((word) => accepts(constraint.automaton, word));
    expect(members.length).toBeGreaterThan(3);
    const words = wordsOf(SYMBOLS);
    fc.assert(
      fc.property(parts([0, 1, 2, 3, 4, 5, 6, 7, 8]), (canvas) => {
        const graph = tokenGraphOf(constraint, { eosTokens: [], paddingTokens: [] });
        const budget = new WorkBudget({ name: "maxWork", limit: 1_000_000 });
        const answer = chartSlots(graph, slotsOf(canvas, SYMBOLS.size), { budget });
        const literals = new Map(members.map((text) => [text, grammarOf({ S: { kind: "literal", text } })]));
        const wanted = members.some((text) => fitsCanvas(literals.get(text)!, words, canvas));
        if (answer === "unknown") return;
        if (wanted) expect(answer.tokens).toBeDefined();
        if (answer.tokens === undefined) return;
        expect(agrees(answer.tokens, canvas)).toBe(true);
        expect(accepts(constraint.automaton, SYMBOLS.decode(answer.tokens))).toBe(true);
      }),
      { numRuns: runs(40), seed: SEED },
    );
  });
});

describe("automata with frames", () => {
  const LISTS = vocabularyFromBytes(["[", "]", ",", "[[", "]]", "[]", "],[", '"a":', "{", "}", "1"], { eosTokens: [] });

  test("lists in lists: a proof where the states have no end", () => {
    const schema = { type: "array", items: { $ref: "#" } };
    const constraint = new JsonSchema(schema, { whitespace: "" }).constraint(LISTS);
    const hole = { hole: {} };
    expect(fillHoles(constraint, [hole, { tokens: [2, 2] }, hole])).toBeUndefined();
    expect(fillHoles(constraint, [hole, { tokens: [0, 2] }, hole, { tokens: [4] }])).toBeUndefined();
    const canvas: CanvasPart[] = [hole, { tokens: [1, 6] }, hole, { tokens: [5, 4, 4] }, hole, { tokens: [4] }];
    const filled = fillHoles(constraint, canvas)!;
    expect(agrees(filled, canvas)).toBe(true);
    expect(Array.isArray(JSON.parse(LISTS.decode(filled)))).toBe(true);
  });

  test("trees of objects, numbers that end only when something else begins", () => {
    const schema = {
      type: "object",
      properties: { a: { anyOf: [{ $ref: "#" }, { type: "integer" }] } },
      required: ["a"],
      additionalProperties: false,
    };
    const constraint = new JsonSchema(schema, { whitespace: "" }).constraint(LISTS);
    const hole = { hole: {} };
    expect(fillHoles(constraint, [hole, { tokens: [10, 8] }, hole])).toBeUndefined();
    expect(fillHoles(constraint, [hole, { tokens: [9, 10] }, hole])).toBeUndefined();
    const canvas: CanvasPart[] = [hole, { tokens: [10, 10, 9, 9, 9] }, hole];
    const filled = fillHoles(constraint, canvas)!;
    expect(LISTS.decode(filled)).toMatch(/^(\{"a":)+1*11\}+$/);
    JSON.parse(LISTS.decode(filled));
  });

  test("any JSON at all: found where there is one; not decided where only the keys, which must differ, could say", () => {
    const constraint = new JsonSchema({}, { escapes: "minimal" }).constraint(WITH_BYTES);
    const bytesOf = (text: string): CanvasPart => ({ tokens: [...new TextEncoder().encode(text)] });
    const hole = { hole: {} };
    const canvas: CanvasPart[] = [hole, bytesOf('"age": 3'), hole, bytesOf("]]}"), hole];
    const filled = fillHoles(constraint, canvas)!;
    expect(agrees(filled, canvas)).toBe(true);
    JSON.parse(WITH_BYTES.decode(filled));
    const no: CanvasPart[] = [hole, bytesOf('"age": :'), hole];
    expect(() => fillHoles(constraint, no, { maxWork: 30_000 })).toThrow(LimitExceededError);
  });

  test("a schema without other keys: decided both ways", () => {
    const schema = {
      type: "object",
      properties: { age: { type: "integer" }, tags: { type: "array", items: { $ref: "#" } } },
      additionalProperties: false,
    };
    const constraint = new JsonSchema(schema, { escapes: "minimal" }).constraint(WITH_BYTES);
    const bytesOf = (text: string): CanvasPart => ({ tokens: [...new TextEncoder().encode(text)] });
    const hole = { hole: {} };
    expect(fillHoles(constraint, [hole, bytesOf('"age": 3, "tags": 4'), hole])).toBeUndefined();
    // A second one of the same object.
    expect(
      fillHoles(constraint, [hole, bytesOf('"age": 3'), { hole: { maxTokens: 2 } }, bytesOf('"age"'), hole]),
    ).toBeUndefined();
    const canvas: CanvasPart[] = [hole, bytesOf('"age": 3'), { hole: { maxTokens: 4 } }, bytesOf('"age"'), hole];
    expect(agrees(fillHoles(constraint, canvas)!, canvas)).toBe(true);
  });
});
