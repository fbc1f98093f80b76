import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import { maskOf } from "../support/mask-lists.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

const vocabulary = byteVocabulary(['{"', '":', '"b":', 'a"', 'b"', 'c"', "0,", "0}"]);

// A key of the model's own may be the one that a cheap way to the end had in mind for later.
test("with no token to spare, whatever the mask allows can be consumed", () => {
  const constraint = new JsonSchema(
    { type: "object", minProperties: 3, additionalProperties: { type: "integer" } },
    { propertyOrder: "any" },
  ).constraint(vocabulary);
  const maxTokens = constraint.matcher().minTokensToFinish();
  let tried = 0;
  for (let turn = 0; turn < 60; turn++) {
    const matcher = constraint.matcher({ maxTokens });
    let text = "";
    for (let step = 0; !matcher.isFinished(); step++) {
      const allowed = maskOf(matcher, vocabulary);
      const refused = allowed.filter((token) => !matcher.isAllowed(token));
      tried += allowed.length;
      expect({ text, refused }).toEqual({
        text,
        refused: [],
      });
      const token = allowed[(turn * (step + 1)) % allowed.length];
      expect(matcher.consume(token)).toBe(true);
      text += vocabulary.decode([token]);
    }
    expect(matcher.tokenCount).toBeLessThanOrEqual(maxTokens + 1);
  }
  expect(tried).toBeGreaterThan(500);
});
