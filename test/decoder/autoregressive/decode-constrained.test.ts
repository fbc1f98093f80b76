import { decodeToEnd, functionModel, type LanguageModel } from "@espalier/decoder";
import { describe, expect, test } from "vitest";
import { byteTokens, byteVocabulary, EOS } from "../support/byte-vocabulary.ts";
import { ListedMatcher } from "../support/listed-matcher.ts";
import { hashedModel, scriptedModel } from "../support/watched-model.ts";

const vocabulary = byteVocabulary();
const greedy = { temperature: 0 };

describe("under a constraint", () => {
  const outputs = ["[1]", "[12]", "[1,1]", "[true]", "null"].map(byteTokens);
  const fields = ["{name:a,age:", "{name:b,age:"].flatMap((head) =>
    ["1}", "2}"].map((tail) => byteTokens(head + tail)),
  );

  test("every output is one of the constraint's, and complete", async () => {
    const texts = new Set(outputs.map((tokens) => String.fromCharCode(...tokens)));
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      for (const budget of [undefined, 3, 4, 6]) {
        const { text, tokens, reason } = await decodeToEnd({
          model: hashedModel(257),
          vocabulary,
          prompt: [seed],
          matcher: new ListedMatcher(outputs, EOS, budget),
          sampling: { seed, temperature: 3 },
          maxTokens: budget,
        });
        expect(texts).toContain(text);
        expect(reason).toBe("end");
        expect(tokens.length).toBeLessThanOrEqual(budget ?? Infinity);
        seen.add(text);
      }
    }
    expect(seen).toEqual(texts);
  });

  test("forced tokens are fed together with the next position that needs the model", async () => {
    const model = hashedModel(257);
    const { usage, tokens } = await decodeToEnd({
      model,
      vocabulary,
      prompt: [1, 2, 3],
      matcher: new ListedMatcher(fields, EOS),
    });
    expect(tokens).toHaveLength(14);
    // Two choices, two calls: [prompt and "{name:"], [choice and ",age:"]. "}" and the end are not asked for.
    expect(usage).toEqual({ promptTokens: 3, sampledTokens: 2, forcedTokens: 12, modelCalls: 2 });
    expect(model.stats).toMatchObject({ calls: 2, tokens: 3 + 6 + 6 });
  });

  test("without jumping, the same text takes a call a token", async () => {
    const model = hashedModel(257);
    const options = { model, vocabulary, prompt: [9], sampling: greedy };
    const fast = await decodeToEnd({ ...options, matcher: new ListedMatcher(fields, EOS) });
    const slow = await decodeToEnd({
      ...options,
      matcher: new ListedMatcher(fields, EOS),
      jumpForward: false,
    });
    expect(slow.tokens).toEqual(fast.tokens);
    expect(slow.usage.forcedTokens).toBe(0);
    expect(slow.usage.modelCalls).toBe(slow.tokens.length);
    expect(fast.usage.modelCalls).toBeLessThan(slow.usage.modelCalls);
  });

  test("what is decided already needs no model at all", async () => {
    const model = hashedModel(257);
    const single = new ListedMatcher([byteTokens("null")], EOS);
    const { text, reason, usage } = await decodeToEnd({
      model,
      vocabulary,
      prompt: [1],
      matcher: single,
    });
    expect([text, reason, usage.modelCalls]).toEqual(["null", "end", 0]);
    const empty = new ListedMatcher([[]], EOS);
    expect(await decodeToEnd({ model, prompt: [1], matcher: empty })).toMatchObject({
      tokens: [],
      reason: "end",
    });
    expect(model.stats.calls).toBe(0);
  });

  test("the model may end where the text is complete, and does not have to", async () => {
    const either = [byteTokens("a"), byteTokens("ab")];
    for (const [script, text] of [
      [[97], "a"],
      [[97, 98], "ab"],
    ] as const) {
      // From token 2 on: the first one is forced.
      const model = scriptedModel(257, script, 1);
      const matcher = new ListedMatcher(either, EOS);
      const result = await decodeToEnd({
        model,
        vocabulary,
        prompt: [0],
        matcher,
        sampling: greedy,
      });
      expect([result.text, result.reason]).toEqual([text, "end"]);
      expect(result.usage.modelCalls).toBe(1);
    }
  });

  test("long masks, where a list would be long, say the same", async () => {
    // 300 first tokens: more than a matcher lists.
    const worded = byteVocabulary(Array.from({ length: 80 }, (_, index) => `w${index}`));
    const many = Array.from({ length: 300 }, (_, index) => [index === EOS ? 299 : index, 65]);
    const model = hashedModel(worded.size);
    const { tokens, usage } = await decodeToEnd({
      model,
      vocabulary: worded,
      prompt: [0],
      matcher: new ListedMatcher(many, EOS),
      sampling: { seed: 2 },
    });
    expect(tokens[0]).toBeLessThan(300);
    expect(tokens[1]).toBe(65);
    expect(usage).toMatchObject({ sampledTokens: 1, forcedTokens: 1 });
  });

  test("a budget that is too small is refused before the first call, naming what would do", async () => {
    const model = hashedModel(257);
    for (const budget of [2, undefined]) {
      await expect(
        decodeToEnd({
          model,
          prompt: [1],
          matcher: new ListedMatcher(outputs, EOS, budget),
          maxTokens: 2,
        }),
      ).rejects.toMatchObject({
        code: "limit-exceeded",
        limit: "maxTokens",
        allowed: 2,
        needed: 3,
        place: "maxTokens",
      });
    }
    expect(model.stats.calls).toBe(0);
  });

  test("a budget that the matcher does not know of is refused", async () => {
    for (const budget of [undefined, 11]) {
      const matcher = new ListedMatcher(outputs, EOS, budget);
      await expect(decodeToEnd({ model: hashedModel(257), prompt: [1], matcher, maxTokens: 10 })).rejects.toMatchObject(
        { code: "invalid-input", place: "maxTokens" },
      );
    }
  });

  test("an output that does not fit the context is refused", async () => {
    const model = hashedModel(257, 8);
    const run = (promptLength: number, budget?: number): Promise<unknown> =>
      decodeToEnd({
        model,
        prompt: Array(promptLength).fill(1),
        matcher: new ListedMatcher(outputs, EOS, budget),
      });
    await run(6);
    await run(3, 6);
    await expect(run(4, 6)).rejects.toMatchObject({
      limit: "contextLength",
      allowed: 8,
      needed: 9,
    });
    await expect(run(7)).rejects.toMatchObject({ limit: "contextLength", needed: 9 });
    await expect(run(9)).rejects.toMatchObject({ limit: "contextLength", needed: 9 });
    // Without a budget, a long output may still run into the wall: an error, never half an output.
    const long = byteTokens("abcdefgh");
    const running = decodeToEnd({
      model: scriptedModelOfContext(8, long),
      prompt: [1, 1],
      matcher: new ListedMatcher([long, [97], ...long.map((_, at) => [...long.slice(0, at), 120])], EOS),
      sampling: greedy,
    });
    await expect(running).rejects.toMatchObject({ code: "limit-exceeded", limit: "contextLength" });
  });

  test("stop texts are refused", async () => {
    const matcher = new ListedMatcher(outputs, EOS);
    await expect(
      decodeToEnd({ model: hashedModel(257), vocabulary, prompt: [1], matcher, stop: ["]"] }),
    ).rejects.toMatchObject({ code: "invalid-input", place: "stop" });
  });

  test("what ends a text is for the matcher to say", async () => {
    // Token 256 ends texts; 97 ("a") is on the list by mistake.
    const words = byteVocabulary(["bc"]);
    const matcher = new ListedMatcher(
      [
        [98, 97],
        [98, 97, 97],
        [97, 98],
      ],
      EOS,
    );
    const { text, reason } = await decodeToEnd({
      model: scriptedModel(258, [98, 97, 97]),
      vocabulary: words,
      eosTokens: [97, EOS],
      prompt: [1],
      matcher,
      sampling: greedy,
      jumpForward: false,
    });
    expect([text, reason]).toEqual(["baa", "end"]);
    // An end that only the vocabulary knows of is no part of the output.
    const ending = await decodeToEnd({
      model: scriptedModel(258, [98, 97, EOS]),
      vocabulary: words,
      eosTokens: [],
      prompt: [1],
      matcher: new ListedMatcher(
        [
          [98, 97],
          [98, 97, 97],
          [97, 98],
        ],
        EOS,
      ),
      sampling: greedy,
      jumpForward: false,
    });
    expect([ending.tokens, ending.reason]).toEqual([[98, 97], "end"]);
  });

  test("a constraint that allows nothing is an error", async () => {
    const matcher = new ListedMatcher([[1, 2]], EOS);
    matcher.allowed = () => [];
    matcher.forcedTokens = () => [];
    await expect(decodeToEnd({ model: hashedModel(257), prompt: [1], matcher })).rejects.toMatchObject({
      code: "unsatisfiable",
    });
  });
});

function scriptedModelOfContext(contextLength: number, script: readonly number[]): LanguageModel {
  return functionModel({
    vocabularySize: 257,
    contextLength,
    logits: (prefix) => {
      const logits = new Float32Array(257);
      logits[script[prefix.length - 2]] = 9;
      return logits;
    },
  });
}
