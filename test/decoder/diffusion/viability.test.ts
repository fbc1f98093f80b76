import { fillHoles, type CanvasPart } from "@espalier/decoder";
import { EspalierError, LimitExceededError, UnsatisfiableError, vocabularyFromBytes } from "@espalier/grammar";
import { tokenGraphOf } from "../../../packages/decoder/src/diffusion/trellis/token-graph-of.ts";
import { ViableCanvas } from "../../../packages/decoder/src/diffusion/viability/viable-canvas.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsUpTo } from "../../support/brute-force.ts";
import { randomPatterns } from "../../support/random-pattern.ts";
import { runs } from "../../support/runs.ts";
import { isValidCanvas, validCanvases, type CanvasLanguage } from "./support/canvases.ts";
import { regexConstraint } from "./support/languages.ts";
import { isNestedList, LIST_PADDING, LIST_VOCABULARY, nestedLists } from "./support/nested-lists.ts";

// Tokens 0 and 1 are letters, 2 ends the text, 3 pads.
const LETTERS = vocabularyFromBytes(["a", "b", undefined, undefined], { eosTokens: [2] });
const OPEN = -1;

const patterns = randomPatterns(["a", "b", "[ab]", ""], "whole");
const TEXTS = wordsUpTo(["a", "b"], 9);

const part: fc.Arbitrary<CanvasPart> = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 2 }).map((tokens) => ({ tokens })),
  fc.constant({ hole: {} }),
  fc.integer({ min: 0, max: 2 }).map((length) => ({ hole: { minTokens: length, maxTokens: length } })),
  fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 3 })).map(([minTokens, maxTokens]) => ({
    hole: { minTokens, maxTokens },
  })),
);

/** The texts that a canvas over single letters can become, as a regular expression. */
function expressionOf(parts: readonly CanvasPart[]): RegExp {
  const source = parts.map((each) => {
    if ("tokens" in each) return each.tokens.map((token) => "ab"[token]).join("");
    const { minTokens = 0, maxTokens } = each.hole;
    return `[ab]{${minTokens},${maxTokens ?? ""}}`;
  });
  return new RegExp(`^${source.join("")}$`);
}

describe("canvases with holes", () => {
  test("filled exactly when some text has the tokens and fits the holes", () => {
    fc.assert(
      fc.property(patterns, fc.array(part, { minLength: 1, maxLength: 4 }), (pattern, parts) => {
        const language = new RegExp(`^(?:${pattern})$`);
        const canvas = expressionOf(parts);
        const wanted = TEXTS.some((text) => language.test(text) && canvas.test(text));
        const filled = fillHoles(regexConstraint(pattern, LETTERS), parts);
        // A text beyond those that are tried out is one all the same.
        if (wanted) expect(filled).toBeDefined();
        if (filled === undefined) return;
        const text = LETTERS.decode(filled);
        expect(language.test(text) && canvas.test(text)).toBe(true);
        if (text.length <= 9) expect(wanted).toBe(true);
      }),
      { numRuns: runs(120) },
    );
  });

  test("lists in lists: exact and bounded holes against every combination of tokens", () => {
    const constraint = nestedLists();
    const hole = fc.constantFrom({ minTokens: 1, maxTokens: 1 }, { minTokens: 2, maxTokens: 2 }, { maxTokens: 2 });
    const piece: fc.Arbitrary<CanvasPart> = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 2 }).map((tokens) => ({ tokens })),
      hole.map((each) => ({ hole: each })),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (parts) => {
        let texts: number[][] = [[]];
        for (const each of parts) {
          const fills: number[][] = [];
          if ("tokens" in each) fills.push([...each.tokens]);
          else {
            let level: number[][] = [[]];
            for (let length = 0; length <= (each.hole.maxTokens ?? 0); length++) {
              if (length >= (each.hole.minTokens ?? 0)) fills.push(...level);
              level = level.flatMap((tokens) => [0, 1, 2, 3, 4, 5, 6].map((token) => [...tokens, token]));
            }
          }
          texts = texts.flatMap((text) => fills.map((fill) => [...text, ...fill]));
          fc.pre(texts.length < 50_000);
        }
        const members = texts.filter((tokens) => isNestedList(LIST_VOCABULARY.decode(tokens)));
        const filled = fillHoles(constraint, parts);
        expect(filled !== undefined).toBe(members.length > 0);
        if (filled !== undefined) expect(members).toContainEqual(filled);
      }),
      { numRuns: runs(80) },
    );
  });

  test("several open-ended regions in one call", () => {
    const filled = fillHoles(nestedLists(), [
      { hole: {} },
      { tokens: [4, 2] },
      { hole: {} },
      { tokens: [2, 5] },
      { hole: {} },
    ]);
    expect(isNestedList(LIST_VOCABULARY.decode(filled!))).toBe(true);
    expect(LIST_VOCABULARY.decode(filled!)).toMatch(/\]\],.*,\[\]/);
  });

  test("says when it cannot tell", () => {
    const parts: CanvasPart[] = [{ hole: {} }, { tokens: [2, 2] }, { hole: {} }];
    expect(() => fillHoles(nestedLists(), parts, { maxWork: 300 })).toThrow(LimitExceededError);
    expect(fillHoles(nestedLists(), parts, { maxWork: 100_000 })).toBeUndefined();
  });

  test.each([
    [{ minTokens: 3, maxTokens: 2 }, "The hole in parts[0] has minTokens 3 and maxTokens 2"],
    [{ minTokens: -1 }, "The hole in parts[0] has minTokens -1"],
  ])("refuses %j", (hole, message) => {
    expect(() => fillHoles(regexConstraint("a*", LETTERS), [{ hole }])).toThrow(message);
  });
});

interface Setting {
  readonly language: CanvasLanguage;
  readonly canvas: (number | undefined)[];
  readonly viable: () => ViableCanvas;
}

function canvasOf(tokens: readonly (number | undefined)[]): Int32Array {
  return Int32Array.from(tokens, (token) => token ?? OPEN);
}

const regexSetting = fc
  .tuple(
    patterns,
    fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 5 }), { minLength: 1, maxLength: 5 }),
  )
  .map(([pattern, canvas]): Setting => {
    const expression = new RegExp(`^(?:${pattern})$`);
    return {
      language: { vocabulary: LETTERS, isMember: (text) => expression.test(text), paddingTokens: [3] },
      canvas,
      viable: () => {
        const graph = tokenGraphOf(regexConstraint(pattern, LETTERS), { eosTokens: [2], paddingTokens: [3] });
        return new ViableCanvas(graph, canvasOf(canvas));
      },
    };
  });

const listSetting = fc
  .tuple(
    fc.array(fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined, freq: 5 }), { minLength: 1, maxLength: 4 }),
    fc.constantFrom(1, 1000),
  )
  .map(
    // With one state a layer, all goes by search.
    ([canvas, maxStates]): Setting => ({
      language: { vocabulary: LIST_VOCABULARY, isMember: isNestedList, paddingTokens: LIST_PADDING },
      canvas,
      viable: () => {
        const graph = tokenGraphOf(nestedLists(), { eosTokens: [7], paddingTokens: LIST_PADDING });
        return new ViableCanvas(graph, canvasOf(canvas), { maxStates });
      },
    }),
  );

describe("canvases of fixed length", () => {
  test.each([
    ["regular expressions", regexSetting],
    ["lists in lists", listSetting],
  ])("%s: a token is refused exactly when no valid canvas has it", (_, settings) => {
    fc.assert(
      fc.property(settings, fc.infiniteStream(fc.nat()), ({ language, canvas, viable }, choices) => {
        let members = validCanvases(canvas, language);
        if (members.length === 0) {
          expect(viable).toThrow(EspalierError);
          return;
        }
        const subject = viable();
        const open = [...canvas.keys()].filter((position) => canvas[position] === undefined);
        while (open.length > 0) {
          const position = open[choices.next().value! % open.length];
          const token = choices.next().value! % language.vocabulary.size;
          const left = members.filter((member) => member[position] === token);
          expect(subject.commit(position, token)).toBe(left.length > 0);
          if (left.length > 0) {
            members = left;
            open.splice(open.indexOf(position), 1);
          }
          expect(members).toContainEqual([...subject.witness]);
          expect(isValidCanvas([...subject.witness], language)).toBe(true);
        }
        expect([...subject.tokens]).toEqual([...subject.witness]);
      }),
      { numRuns: runs(120) },
    );
  });

  test("the least length that would do", () => {
    fc.assert(
      fc.property(regexSetting, ({ language, canvas, viable }) => {
        let error: unknown;
        try {
          viable();
          return;
        } catch (caught) {
          error = caught;
        }
        if (error instanceof UnsatisfiableError) {
          // No longer canvas would do either.
          for (let more = 1; more <= 3; more++) {
            const longer = [...canvas, ...Array.from({ length: more }, () => undefined)];
            expect(validCanvases(longer, language)).toEqual([]);
          }
          return;
        }
        expect(error).toMatchObject({ code: "limit-exceeded", limit: "canvasLength", allowed: canvas.length });
        const needed = (error as LimitExceededError).needed!;
        fc.pre(needed <= 8);
        for (let length = canvas.length + 1; length <= needed; length++) {
          const longer = Array.from({ length }, (_, position) => canvas[position]);
          expect(validCanvases(longer, language).length > 0).toBe(length === needed);
        }
      }),
      { numRuns: runs(120) },
    );
  });

  test("says what is wrong", () => {
    const graph = tokenGraphOf(regexConstraint("a{3}b?", LETTERS), { eosTokens: [2], paddingTokens: [3] });
    expect(() => new ViableCanvas(graph, canvasOf([undefined, 1, undefined]))).toThrow(
      'The token 1 ("b") at position 1 of the canvas contradicts the constraint',
    );
    expect(() => new ViableCanvas(graph, canvasOf([undefined, undefined]))).toThrow(
      "The canvas of 2 tokens is too short: the shortest valid text with its fixed tokens has 3.",
    );
  });

  test("works on from where a commit is, and not at all where it agrees with the witness", () => {
    const graph = tokenGraphOf(regexConstraint("(ab|ba)*", LETTERS), { eosTokens: [2], paddingTokens: [3] });
    const canvas = new Int32Array(200).fill(OPEN);
    // A letter at the end: the text takes all of the canvas.
    canvas[199] = 0;
    const viable = new ViableCanvas(graph, canvas);
    const first = viable.steps;
    expect(first).toBeGreaterThan(200);
    expect(viable.commit(0, viable.witness[0])).toBe(true);
    expect(viable.steps).toBe(first);
    // The first search after it makes the layers again, a later one only those that differ.
    expect(viable.commit(2, 1 - viable.witness[2])).toBe(true);
    const second = viable.steps;
    expect(viable.commit(100, 1 - viable.witness[100])).toBe(true);
    expect(viable.steps - second).toBeLessThan(20);
  });
});
