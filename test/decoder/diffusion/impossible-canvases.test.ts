import { decodeDiffusion, type DiffusionFinishEvent } from "@espalier/decoder";
import {
  type Constraint,
  type EspalierError,
  GrammarLanguage,
  LimitExceededError,
  parseGbnf,
  parseLark,
  UnsatisfiableError,
  vocabularyFromBytes,
} from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenGraphOf } from "../../../packages/decoder/src/diffusion/trellis/token-graph-of.ts";
import { ViableCanvas } from "../../../packages/decoder/src/diffusion/viability/viable-canvas.ts";
import { boundedLanguage } from "../../support/bounded-language.ts";
import { randomGrammars } from "../../support/random-grammar.ts";
import { runs } from "../../support/runs.ts";
import { validCanvases, type CanvasLanguage } from "./support/canvases.ts";
import { regexConstraint } from "./support/languages.ts";
import { noisyDiffusionModel } from "./support/noisy-diffusion-model.ts";

// Every byte, then `{"`, `":`, `((`, `))`; 260 ends, 261 pads, 262 masks.
const VOCABULARY = vocabularyFromBytes(
  [
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
    '{"',
    '":',
    "((",
    "))",
    undefined,
    undefined,
    undefined,
  ],
  { eosTokens: [260] },
);
const END = 260;

function byteOf(character: string): number {
  return character.charCodeAt(0);
}

/** A canvas as text: `_` is open, `$` the end token, other characters their bytes. */
function canvasOf(shown: string): (number | undefined)[] {
  return [...shown].map((each) => (each === "_" ? undefined : each === "$" ? END : byteOf(each)));
}

function model(): ReturnType<typeof noisyDiffusionModel> {
  return noisyDiffusionModel({ vocabularySize: 263, maskToken: 262, eosTokens: [END], padToken: 261 });
}

const person = {
  type: "object",
  properties: { a: { type: "integer" } },
  required: ["a"],
  additionalProperties: false,
};
const languages: Record<string, () => Constraint> = {
  "regular expression": () => regexConstraint("a{3}b*c", VOCABULARY),
  schema: () => new JsonSchema(person, { whitespace: "" }).constraint(VOCABULARY),
  "schema that nests": () =>
    new JsonSchema({ type: "array", items: { $ref: "#" } }, { whitespace: "" }).constraint(VOCABULARY),
  grammar: () => new GrammarLanguage(parseGbnf('root ::= "x" | "(" root ")" | root root')).constraint(VOCABULARY),
  "grammar with terminals": () =>
    new GrammarLanguage(parseLark('start: NAME | "(" start ")"\nNAME: /x+/\n%ignore " "\n')).constraint(VOCABULARY),
};

/** `needed`: the least length, worked out by hand; no number where a token is in the way, but its position. */
const cases: readonly [language: string, canvas: string, needed: number | { readonly position: number }][] = [
  ["regular expression", "__", 4],
  ["regular expression", "aaa", 4],
  ["regular expression", "___b", 5],
  ["regular expression", "__b_", { position: 2 }],
  ["regular expression", "___$", { position: 3 }],
  // {" a ": 1 }
  ["schema", "_", 5],
  ["schema", "____", 5],
  ["schema", "{___", 6],
  ["schema", "____1_1", 8],
  ["schema", "__x__", { position: 2 }],
  ["schema", "_____}__}", { position: 8 }],
  ["schema that nests", "_", 2],
  ["schema that nests", "[[[", 6],
  ["schema that nests", "__[_[_", 10],
  ["schema that nests", "[,__", { position: 1 }],
  ["schema that nests", "[]]", { position: 2 }],
  ["grammar", "(", 3],
  ["grammar", "((((", 7],
  ["grammar", "(__$_", 3],
  ["grammar", "____)x(", 9],
  ["grammar", "_()__", { position: 2 }],
  ["grammar", "x)___", { position: 1 }],
  ["grammar with terminals", "((", 4],
  ["grammar with terminals", "x x__", { position: 2 }],
  ["grammar with terminals", "_ ( _(_", 8],
];

describe("impossible canvases are refused before the first step, with the reason", () => {
  test.each(cases)("%s: %s", async (name, shown, wanted) => {
    const constraint = languages[name]();
    const canvas = canvasOf(shown);
    const asked = model();
    const decode = async (tokens: (number | undefined)[]): Promise<DiffusionFinishEvent | undefined> => {
      for await (const event of decodeDiffusion({ model: asked, constraint, prompt: [], canvas: tokens })) {
        if (event.type === "finish") return event;
      }
      return undefined;
    };
    if (typeof wanted !== "number") {
      const error: unknown = await decode(canvas).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UnsatisfiableError);
      expect((error as EspalierError).place).toBe(`canvas[${wanted.position}]`);
      expect((error as EspalierError).message).toContain(`at position ${wanted.position}`);
      expect(asked.stats.calls).toBe(0);
      return;
    }
    if (canvas.includes(END)) {
      // What is open before the end is enough.
      expect((await decode(canvas))?.text.length).toBe(wanted);
      return;
    }
    for (let length = canvas.length; length < wanted; length++) {
      const longer = [...canvas, ...canvasOf("_".repeat(length - canvas.length))];
      await expect(decode(longer)).rejects.toMatchObject({
        code: "limit-exceeded",
        limit: "canvasLength",
        allowed: length,
        needed: wanted,
        message: expect.stringContaining("the shortest valid text with its fixed tokens has"),
      });
    }
    expect(asked.stats.calls).toBe(0);
    const fitting = await decode([...canvas, ...canvasOf("_".repeat(wanted - canvas.length))]);
    expect(fitting?.reason).toBe("end");
  });

  test("random grammars: exactly the canvases that no text fits, with the least length that would do", () => {
    const vocabulary = vocabularyFromBytes(["a", "b", "ab", undefined, undefined], { eosTokens: [3] });
    const tokens = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined, freq: 3 });
    fc.assert(
      fc.property(
        randomGrammars,
        fc.array(tokens, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, 1000),
        (grammar, canvas, maxStates) => {
          const compiled = new GrammarLanguage(grammar);
          if (!compiled.isSatisfiable) return;
          const members = boundedLanguage(grammar, ["a", "b"], 10);
          const language: CanvasLanguage = {
            vocabulary,
            isMember: (written) => members.has(written),
            paddingTokens: [4],
          };
          const graph = tokenGraphOf(compiled.constraint(vocabulary), { eosTokens: [3], paddingTokens: [4] });
          const longer = (more: number): (number | undefined)[] => [...canvas, ...canvasOf("_".repeat(more))];
          let error: unknown;
          try {
            new ViableCanvas(
              graph,
              Int32Array.from(canvas, (token) => token ?? -1),
              { maxStates },
            );
          } catch (caught) {
            error = caught;
          }
          expect(error === undefined).toBe(validCanvases(canvas, language).length > 0);
          if (error === undefined) return;
          if (error instanceof UnsatisfiableError) {
            for (const more of [1, 2]) expect(validCanvases(longer(more), language)).toEqual([]);
            return;
          }
          expect(error).toBeInstanceOf(LimitExceededError);
          const needed = (error as LimitExceededError).needed!;
          expect(needed).toBeGreaterThan(canvas.length);
          for (let length = canvas.length + 1; length <= Math.min(needed, 5); length++) {
            expect(validCanvases(longer(length - canvas.length), language).length > 0).toBe(length === needed);
          }
        },
      ),
      { numRuns: runs(100) },
    );
  });
});
