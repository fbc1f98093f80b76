import {
  decodeBatch,
  decodeToEnd,
  loadOnnxModel,
  type DecodeBatchOptions,
  type DecodeFinishEvent,
  type SequenceOptions,
} from "@espalier/decoder";
import { describe, expect, test } from "vitest";
import { byteTokens, byteVocabulary, EOS } from "../support/byte-vocabulary.ts";
import { fixtureFolder, FIXTURES } from "../support/fixture-models.ts";
import { ListedMatcher } from "../support/listed-matcher.ts";
import { hashedModel, watchSessions } from "../support/watched-model.ts";

const vocabulary = byteVocabulary();
const outputs = ["yes", "yesterday", "no", "nobody", "[1]", "[10]", "[1000000]"].map(byteTokens);

/** Sequences of all kinds: free and constrained, greedy and sampled, long and short prompts. */
function sequences(): SequenceOptions[] {
  return [
    { prompt: [1], maxTokens: 9, sampling: { seed: 1 } },
    { prompt: [1, 2, 3, 4, 5, 6, 7], maxTokens: 3, sampling: { temperature: 0 } },
    { prompt: [2, 3], matcher: new ListedMatcher(outputs, EOS), sampling: { seed: 2 } },
    { prompt: [4], matcher: new ListedMatcher(outputs, EOS, 4), sampling: { seed: 3, topK: 2 } },
    { prompt: [4], matcher: new ListedMatcher([byteTokens("only")], EOS) },
    { prompt: [8, 8], maxTokens: 6, sampling: { seed: 4, frequencyPenalty: 1 }, stop: ["a", "7"] },
  ];
}

async function finishes(options: DecodeBatchOptions): Promise<DecodeFinishEvent[]> {
  const finished: DecodeFinishEvent[] = [];
  for await (const { index, event } of decodeBatch(options)) {
    expect(finished[index]).toBeUndefined();
    if (event.type === "finish") finished[index] = event;
  }
  return finished;
}

describe("a batch", () => {
  test.each([1, 2, 4, undefined])("of at most %s gives each sequence what it gets alone", async (maxBatchSize) => {
    const model = hashedModel(257);
    const sessions = watchSessions(model);
    const together = await finishes({ model, vocabulary, sequences: sequences(), maxBatchSize });
    expect(sessions.open).toBe(0);
    const { calls } = model.stats;
    let steps = 0;
    for (const [index, sequence] of sequences().entries()) {
      const alone = await decodeToEnd({ model, vocabulary, ...sequence });
      const { reason, tokens, text, usage } = together[index];
      expect({ reason, tokens, text, usage }).toEqual({
        reason: alone.reason,
        tokens: alone.tokens,
        text: alone.text,
        usage: alone.usage,
      });
      steps = Math.max(steps, alone.usage.modelCalls);
    }
    // One call a step for all that still run.
    if (maxBatchSize === undefined) expect(calls).toBe(steps);
  });

  test.each(FIXTURES)("of the model %s too", async (name) => {
    const model = await loadOnnxModel(fixtureFolder(name), { threads: 1 });
    const options = { model, vocabulary };
    const together = await finishes({ ...options, sequences: sequences() });
    const { calls } = model.stats;
    let steps = 0;
    for (const [index, sequence] of sequences().entries()) {
      const alone = await decodeToEnd({ ...options, ...sequence });
      expect(together[index].tokens).toEqual(alone.tokens);
      steps = Math.max(steps, alone.usage.modelCalls);
    }
    expect(calls).toBe(steps);
    await model.dispose();
  });

  test("closes sessions as their sequences end, and opens no more than run", async () => {
    const model = hashedModel(257);
    const sessions = watchSessions(model);
    let most = 0;
    for await (const { event } of decodeBatch({
      model,
      vocabulary,
      sequences: sequences(),
      maxBatchSize: 2,
    })) {
      if (event.type === "token") most = Math.max(most, sessions.open);
    }
    expect(most).toBe(2);
  });

  test("of none ends at once", async () => {
    expect(await finishes({ model: hashedModel(257), sequences: [] })).toEqual([]);
  });

  test("one sequence can be aborted while the others go on", async () => {
    const model = hashedModel(257);
    const sessions = watchSessions(model);
    const controller = new AbortController();
    const [first, second] = sequences();
    const finished: DecodeFinishEvent[] = [];
    let tokens = 0;
    const batch = [{ ...first, signal: controller.signal }, second];
    for await (const { index, event } of decodeBatch({ model, vocabulary, sequences: batch })) {
      if (index === 0 && event.type === "token" && ++tokens === 2) controller.abort();
      if (event.type === "finish") finished[index] = event;
    }
    expect(finished.map(({ reason }) => reason)).toEqual(["aborted", "length"]);
    expect(finished[0].tokens).toHaveLength(2);
    expect(sessions.open).toBe(0);
  });

  test("the shared signal ends all", async () => {
    const model = hashedModel(257);
    const finished = await finishes({
      model,
      vocabulary,
      sequences: sequences(),
      signal: AbortSignal.abort(),
    });
    expect(finished.map(({ reason }) => reason)).toEqual(Array(6).fill("aborted"));
    expect(model.stats.calls).toBe(0);
  });

  test("says which sequence is at fault, before the first call", async () => {
    const model = hashedModel(257);
    const batch = [...sequences(), { prompt: [] }];
    await expect(finishes({ model, vocabulary, sequences: batch })).rejects.toMatchObject({
      code: "invalid-input",
      place: "sequences[6].prompt",
    });
    const tight = [{ prompt: [1] }, { prompt: [1], matcher: new ListedMatcher(outputs, EOS, 1), maxTokens: 1 }];
    await expect(finishes({ model, sequences: tight })).rejects.toMatchObject({
      code: "limit-exceeded",
      place: "sequences[1].maxTokens",
      needed: 2,
    });
    expect(model.stats.calls).toBe(0);
  });
});
