import {
  decode,
  decodeToEnd,
  functionModel,
  Sampler,
  SamplerScratch,
  type DecodeEvent,
  type DecodeOptions,
} from "@espalier/decoder";
import { describe, expect, test } from "vitest";
import { byteTokens, byteVocabulary } from "../support/byte-vocabulary.ts";
import { eventsOf } from "../support/collect-events.ts";
import { hashedModel, scriptedModel, watchSessions } from "../support/watched-model.ts";

const vocabulary = byteVocabulary();
const greedy = { temperature: 0 };

describe("without a constraint", () => {
  test("streams tokens and text, then says how it ended", async () => {
    const model = scriptedModel(257, byteTokens("Hi!"));
    const events = await eventsOf({ model, vocabulary, prompt: [10], sampling: greedy });
    expect(events.map(({ type }) => type)).toEqual(["token", "text", "token", "text", "token", "text", "finish"]);
    expect(events.at(-1)).toMatchObject({
      reason: "end",
      text: "Hi!",
      tokens: byteTokens("Hi!"),
      usage: { promptTokens: 1, sampledTokens: 4, forcedTokens: 0, modelCalls: 4 },
    });
    expect(model.stats).toMatchObject({ calls: 4, tokens: 4 });
  });

  test("ends at maxTokens, or where the context ends", async () => {
    const model = hashedModel(256, 12);
    const options = { model, prompt: [1, 2, 3], eosTokens: [] };
    const short = await decodeToEnd({ ...options, maxTokens: 4 });
    expect([short.reason, short.tokens.length, model.stats.calls]).toEqual(["length", 4, 4]);
    // The last token need not be fed: 3 + 10 - 1 = 12.
    const full = await decodeToEnd(options);
    expect([full.reason, full.tokens.length]).toEqual(["length", 10]);
    const none = await decodeToEnd({ ...options, maxTokens: 0 });
    expect([none.reason, none.tokens, none.usage.modelCalls]).toEqual(["length", [], 0]);
  });

  test("same seed, same output; the result tells the seed", async () => {
    const model = hashedModel(257);
    const options = { model, vocabulary, prompt: [5], maxTokens: 12 };
    const first = await decodeToEnd({ ...options, sampling: { seed: 4 } });
    const second = await decodeToEnd({ ...options, sampling: { seed: 4 } });
    const third = await decodeToEnd({ ...options, sampling: { seed: 5 } });
    expect(second.tokens).toEqual(first.tokens);
    expect(third.tokens).not.toEqual(first.tokens);
    const free = await decodeToEnd(options);
    const again = await decodeToEnd({ ...options, sampling: { seed: free.seed } });
    expect(again.tokens).toEqual(free.tokens);
  });

  test("is what feeding and sampling by hand gives, penalties and log-probabilities included", async () => {
    const model = hashedModel(257);
    const sampling = {
      seed: 11,
      topK: 20,
      topP: 0.9,
      repetitionPenalty: 1.2,
      logProbabilities: true,
    };
    const prompt = [5, 6];
    const events = await eventsOf({ model, prompt, maxTokens: 10, eosTokens: [], sampling });

    const sampler = new Sampler(sampling, new SamplerScratch(257));
    sampler.addPrompt(prompt);
    const session = model.createSession();
    let fed = prompt;
    for (const event of events.slice(0, -1)) {
      const [logits] = await session.feed(fed);
      const token = sampler.sample(logits);
      sampler.push(token);
      fed = [token];
      expect(event).toEqual({
        type: "token",
        token,
        isForced: false,
        logProbability: sampler.logProbability,
        constrainedLogProbability: sampler.constrainedLogProbability,
        modelLogProbability: sampler.modelLogProbability,
      });
    }
  });

  test("several tokens may end a text", async () => {
    for (const eos of [7, 9]) {
      const model = scriptedModel(257, [1, eos, 2]);
      const result = await decodeToEnd({ model, prompt: [0], eosTokens: [7, 9], sampling: greedy });
      expect([result.reason, result.tokens]).toEqual(["end", [1]]);
    }
  });
});

describe("abortion and errors leave nothing open", () => {
  const options = { vocabulary, prompt: [1], maxTokens: 50, eosTokens: [] };

  test("a signal that has fired", async () => {
    const model = hashedModel(257);
    const sessions = watchSessions(model);
    const result = await decodeToEnd({ ...options, model, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ reason: "aborted", tokens: [], unfedTokens: [1] });
    expect([model.stats.calls, sessions.open]).toEqual([0, 0]);
  });

  test("a signal that fires between tokens", async () => {
    const model = hashedModel(257);
    const sessions = watchSessions(model);
    const controller = new AbortController();
    let tokens = 0;
    let last: DecodeEvent | undefined;
    for await (const event of decode({ ...options, model, signal: controller.signal })) {
      if (event.type === "token" && ++tokens === 3) controller.abort();
      last = event;
    }
    expect(last).toMatchObject({ type: "finish", reason: "aborted" });
    expect([tokens, model.stats.calls, sessions.open]).toEqual([3, 3, 0]);
  });

  test("a signal that the model itself obeys", async () => {
    const model = hashedModel(257);
    const sessions = watchSessions(model);
    const controller = new AbortController();
    const feedBatch = model.feedBatch.bind(model);
    model.feedBatch = (requests, feedOptions) => {
      controller.abort();
      return feedBatch(requests, feedOptions);
    };
    const result = await decodeToEnd({ ...options, model, signal: controller.signal });
    expect([result.reason, sessions.open]).toEqual(["aborted", 0]);
  });

  test("breaking off the iteration", async () => {
    const model = hashedModel(257);
    const sessions = watchSessions(model);
    for await (const event of decode({ ...options, model })) {
      expect(sessions.open).toBe(1);
      if (event.type === "token") break;
    }
    expect([model.stats.calls, sessions.open]).toEqual([1, 0]);
  });

  test("a model that gives NaN", async () => {
    const model = functionModel({
      vocabularySize: 257,
      logits: (prefix) => new Float32Array(257).fill(prefix.length > 3 ? Number.NaN : 0),
    });
    const sessions = watchSessions(model);
    await expect(decodeToEnd({ ...options, model })).rejects.toMatchObject({ code: "model" });
    expect(sessions.open).toBe(0);
  });

  test("a vocabulary with more tokens than the model has logits", async () => {
    const model = hashedModel(200);
    await expect(decodeToEnd({ ...options, model })).rejects.toMatchObject({
      code: "model",
      message: expect.stringMatching(/257 tokens.*200 logits/),
    });
  });

  test.each<[Partial<DecodeOptions>, string]>([
    [{ prompt: [] }, "prompt"],
    [{ maxTokens: -1 }, "maxTokens"],
    [{ maxTokens: 2.5 }, "maxTokens"],
    [{ stop: [""] }, "stop"],
    [{ stop: ["x"], vocabulary: undefined }, "stop"],
    [{ sampling: { topP: 2 } }, "topP"],
  ])("the options %o", async (change, place) => {
    const model = hashedModel(257);
    const all = { ...options, model, ...change };
    await expect(decodeToEnd(all)).rejects.toMatchObject({ code: "invalid-input", place });
    // The same failure when streaming.
    await expect(decode(all).next()).rejects.toMatchObject({ code: "invalid-input", place });
  });
});

test("a session of the caller goes on where the output ended", async () => {
  const model = hashedModel(257);
  const session = model.createSession();
  const shared = { model, vocabulary, session, sampling: greedy, eosTokens: [] };
  const first = await decodeToEnd({ ...shared, prompt: [1, 2], maxTokens: 3 });
  expect(first.unfedTokens).toEqual(first.tokens.slice(-1));
  expect(session.length).toBe(4);
  const second = await decodeToEnd({ ...shared, prompt: [...first.unfedTokens, 7], maxTokens: 3 });
  const whole = await decodeToEnd({
    ...shared,
    session: undefined,
    prompt: [1, 2, ...first.tokens, 7],
    maxTokens: 3,
  });
  expect(second.tokens).toEqual(whole.tokens);
  expect(session.length).toBe(8);
});
