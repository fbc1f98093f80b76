import { fillMasks } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import { byteVocabulary } from "../../support/vocabularies.ts";

test("each row of a batch is the mask of its matcher", () => {
  const vocabulary = byteVocabulary(['{"', '":', "true"]);
  const schemas = [{ type: "boolean" }, { type: "object" }, { enum: [1, "a"] }];
  const matchers = schemas.map((schema) => new JsonSchema(schema).constraint(vocabulary).matcher());
  expect(matchers[1].consume(vocabulary.tokenOfByte(0x7b)!)).toBe(true);
  const row = vocabulary.maskWords + 2;
  const words = new Uint32Array(3 * row).fill(0xffff_ffff);
  fillMasks(matchers, words);
  for (const [index, matcher] of matchers.entries()) {
    const alone = new Uint32Array(row);
    matcher.fillMask(alone);
    expect(words.slice(index * row, (index + 1) * row)).toEqual(alone);
  }
  fillMasks([], new Uint32Array(5));
});

test("rows of unequal length are refused", () => {
  const matcher = new JsonSchema({}).constraint(byteVocabulary()).matcher();
  expect(() => fillMasks([matcher, matcher], new Uint32Array(21))).toThrow(
    expect.objectContaining({ code: "invalid-input", place: "words" }),
  );
});
