import { decodeToEnd, loadOnnxModel } from "@espalier/decoder";
import { loadVocabulary } from "@espalier/grammar";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteTokens, byteVocabulary } from "../support/byte-vocabulary.ts";
import { eventsOf, textPieces } from "../support/collect-events.ts";
import { fixtureFolder, FIXTURES } from "../support/fixture-models.ts";
import { scriptedModel } from "../support/watched-model.ts";

const vocabulary = byteVocabulary();
const greedy = { temperature: 0 };

describe("text", () => {
  test("comes in whole characters, though tokens are bytes", async () => {
    const text = "é😀 \uFEFFz";
    const model = scriptedModel(257, byteTokens(text));
    const events = await eventsOf({ model, vocabulary, prompt: [0], sampling: greedy });
    expect(textPieces(events)).toEqual([..."é😀 \uFEFFz"]);
  });

  test("that is not UTF-8 becomes U+FFFD, also where it is cut", async () => {
    const model = scriptedModel(257, [0xff, 0x41, 0xf0, 0x9f]);
    const events = await eventsOf({ model, vocabulary, prompt: [0], sampling: greedy });
    expect(textPieces(events)).toEqual(["\uFFFD", "A", "\uFFFD"]);
    expect(events.at(-1)).toMatchObject({ text: "\uFFFDA\uFFFD" });
  });

  test("stops before the first stop text, wherever tokens are cut, and never shows a part of it", async () => {
    const letters = fc.constantFrom("a", "a", "a", "b", "b", "é");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: letters, minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        fc.array(fc.string({ unit: letters, minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async (words, stop) => {
          const worded = byteVocabulary(words);
          const script = words.map((_, index) => 257 + index);
          const model = scriptedModel(worded.size, script);
          const events = await eventsOf({
            model,
            vocabulary: worded,
            prompt: [0],
            sampling: greedy,
            stop,
          });

          const text = words.join("");
          // The stop that ends first; of those that end there, the one that began first.
          const ends = stop.filter((s) => text.includes(s)).map((s) => text.indexOf(s) + s.length);
          const end = Math.min(...ends);
          const found = stop.filter((s) => text.slice(0, end).endsWith(s));
          const longest = Math.max(...found.map(({ length }) => length));
          const expected = ends.length === 0 ? text : text.slice(0, end - longest);

          expect(textPieces(events).join("")).toBe(expected);
          expect(events.at(-1)).toMatchObject({
            text: expected,
            reason: ends.length === 0 ? "end" : "stop-sequence",
          });
          let shown = "";
          for (const piece of textPieces(events)) {
            shown += piece;
            expect(text.startsWith(shown)).toBe(true);
          }
        },
      ),
      { numRuns: 1000, seed: 5 },
    );
  });

  test("is shown as soon as no stop text can begin there", async () => {
    const model = scriptedModel(257, byteTokens("x##y"));
    const events = await eventsOf({
      model,
      vocabulary,
      prompt: [0],
      sampling: greedy,
      stop: ["###"],
    });
    expect(textPieces(events)).toEqual(["x", "##y"]);
  });

  test("tokens after the stop are never asked for", async () => {
    const model = scriptedModel(257, byteTokens("ab\n\ncd"));
    const { reason, text, usage } = await decodeToEnd({
      model,
      vocabulary,
      prompt: [0],
      sampling: greedy,
      stop: ["\n\n"],
    });
    expect([reason, text, usage.modelCalls]).toEqual(["stop-sequence", "ab", 4]);
  });
});

test.each(FIXTURES)("of %s is what its own tokenizer makes of the tokens", async (name) => {
  const model = await loadOnnxModel(fixtureFolder(name), { threads: 1 });
  const tokenizer = await loadVocabulary(fixtureFolder(name));
  expect(tokenizer.size).toBeLessThanOrEqual(model.vocabularySize);
  const events = await eventsOf({
    model,
    vocabulary: tokenizer,
    prompt: [32, 77],
    maxTokens: 40,
    sampling: { seed: 3, temperature: 2 },
  });
  const finish = events.at(-1);
  if (finish?.type !== "finish") throw new Error("no finish event");
  expect(finish.tokens.length).toBeGreaterThan(3);
  expect(textPieces(events).join("")).toBe(tokenizer.decode(finish.tokens));
  expect(finish.text).toBe(tokenizer.decode(finish.tokens));
  await model.dispose();
});
