import { type Constraint, loadVocabulary, type TokenId, type Vocabulary } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Vocabulary as VocabularyClass } from "../../../packages/grammar/src/vocabulary/vocabulary.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

const record = {
  type: "object",
  properties: {
    identification: { type: "integer" },
    "größe in Metern": { type: "number" },
    description: { type: "string" },
    availability: { enum: ["immediately available", "immediately unavailable", "unknown"] },
    constant: { const: { of: ["fixed", "values", "日本語のテキスト"] } },
  },
  required: ["identification", "größe in Metern", "description", "availability", "constant"],
  additionalProperties: false,
};
const schema = { type: "array", items: record };

const text = JSON.stringify(
  Array.from({ length: 8 }, (_, index) => ({
    identification: 7 ** index * 1_234_567,
    "größe in Metern": index + 0.125,
    description: ["A plain one.", "   spaces    and\ttabs", "naïve café 😀😀", "1234567890".repeat(4)][index % 4],
    availability: ["immediately available", "unknown", "immediately unavailable"][index % 3],
    constant: { of: ["fixed", "values", "日本語のテキスト"] },
  })),
);

function bundledVocabulary(): Promise<Vocabulary> {
  return loadVocabulary(fileURLToPath(new URL("../../../models/extract-ar", import.meta.url)));
}

/** The same vocabulary; its tokenizer notes how long the texts are that it is given. */
function watchTokenizer(vocabulary: Vocabulary): { vocabulary: Vocabulary; lengths: number[] } {
  const lengths: number[] = [];
  const tokenizer = vocabulary.tokenizer!;
  const { flatBytes, offsets, eosTokens, maxTokenBytes, trie } = vocabulary;
  const watched = new VocabularyClass({
    ...{ flatBytes, offsets, eosTokens, maxTokenBytes, trie },
    tokenizer: {
      encode: (given, options) => {
        lengths.push(given.length);
        return tokenizer.encode(given, options);
      },
      decode: (ids, options) => tokenizer.decode(ids, options),
    },
  });
  return { vocabulary: watched, lengths };
}

describe.each<[string, () => Promise<Vocabulary> | Vocabulary]>([
  ["Llama 3", llama3Vocabulary],
  ["the bundled model", bundledVocabulary],
])("forced tokens with the tokenizer of %s", (_, load) => {
  test("are those that it cuts the whole text into, and cost no more late in the text than early", async () => {
    const { vocabulary, lengths } = watchTokenizer(await load());
    const constraint: Constraint = new JsonSchema(schema, { escapes: "minimal", whitespace: "" }).constraint(
      vocabulary,
    );
    const canonical: TokenId[] = vocabulary.tokenizer!.encode(text);
    lengths.length = 0;
    const matcher = constraint.matcher();
    let forcedCount = 0;
    for (const [index, token] of canonical.entries()) {
      const forced = matcher.forcedTokens();
      expect(forced).toEqual(canonical.slice(index, index + forced.length));
      if (forced.length > 0) forcedCount++;
      expect(matcher.consume(token)).toBe(true);
    }
    expect(matcher.isFinished() || matcher.isAccepting()).toBe(true);
    expect(forcedCount).toBeGreaterThan(canonical.length / 5);
    const longest = 17 * vocabulary.maxTokenBytes + JSON.stringify(record).length;
    expect(Math.max(...lengths)).toBeLessThan(Math.min(longest, text.length / 2));
  });
});

test("a text that was not cut as the tokenizer would is forced on all the same, once that is long ago", () => {
  const vocabulary = llama3Vocabulary();
  const constraint = new JsonSchema(schema, { escapes: "minimal", whitespace: "" }).constraint(vocabulary);
  const matcher = constraint.matcher();
  // One token a byte, where the tokenizer would have taken `[{"`.
  for (const byte of new TextEncoder().encode('[{"')) expect(matcher.consume(vocabulary.tokenOfByte(byte)!)).toBe(true);
  expect(matcher.forcedTokens()).toEqual([]);
  const rest = vocabulary.tokenizer!.encode(text.slice(3));
  let forcedAt: number | undefined;
  for (const [index, token] of rest.slice(0, 100).entries()) {
    if (matcher.forcedTokens().length > 0) forcedAt ??= index;
    expect(matcher.consume(token)).toBe(true);
  }
  expect(forcedAt).toBeGreaterThan(10);
});
