import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { maskOf } from "../support/mask-lists.ts";
import { runs } from "../support/runs.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

// What a key of the model's own is decides what its value must be, which may take any number of tokens.

const vocabulary = byteVocabulary(['{"', '":', '"a', "ab", "b-", 'a"', '"}', "--", '":{', "0}"]);
const long = {
  type: "object",
  required: ["one_long_name", "another_long_name", "third"],
  properties: { third: { minLength: 20 } },
};

test.each([
  [{ type: "object", patternProperties: { "^[a-z]+$": long } }],
  [
    {
      type: "object",
      minProperties: 2,
      patternProperties: { "^[a-z]+$": long, "-": { const: "some text that is needed" } },
    },
  ],
  [
    {
      type: "object",
      patternProperties: { "^a": { type: "integer" }, b$: long },
      additionalProperties: { type: "null" },
    },
  ],
])("%j: whatever a mask allows within a budget can be consumed, and completed in time", (schema) => {
  const constraint = new JsonSchema(schema).constraint(vocabulary);
  const least = constraint.matcher().minTokensToFinish();
  fc.assert(
    fc.property(fc.nat(150), fc.array(fc.nat(0xffff), { minLength: 120, maxLength: 120 }), (slack, turns) => {
      const maxTokens = least + slack;
      const matcher = constraint.matcher({ maxTokens });
      for (const turn of turns) {
        if (matcher.isFinished()) break;
        const mask = maskOf(matcher, vocabulary);
        expect(mask.length).toBeGreaterThan(0);
        // Keys rather than white space and ends.
        const liked = mask.filter((token) => token >= 256 || (token >= 0x61 && token <= 0x7a));
        const choices = turn % 4 === 0 || liked.length === 0 ? mask : liked;
        expect(matcher.consume(choices[turn % choices.length])).toBe(true);
        expect(matcher.minTokensToFinish()).toBeLessThanOrEqual(matcher.remainingTokens!);
      }
    }),
    { numRuns: runs(60) },
  );
});
