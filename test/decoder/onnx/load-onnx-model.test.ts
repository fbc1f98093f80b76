import { loadOnnxModel, type LanguageModel } from "@espalier/decoder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  fixtureFolder,
  FIXTURES,
  greatestDifference,
  referenceSequences,
  tolerance,
} from "../support/fixture-models.ts";

describe.each(FIXTURES)("the model %s", (name) => {
  const references = referenceSequences(name);
  const [longest] = references;
  const near = tolerance(name);
  let model: LanguageModel;

  beforeAll(async () => {
    model = await loadOnnxModel(fixtureFolder(name), { threads: 1 });
  });
  afterAll(() => model.dispose());

  /** The logits after each token, the sequence fed at once. */
  function logitsOf(tokens: readonly number[]): Promise<Float32Array[]> {
    return model.createSession().feed(tokens, { positions: tokens.length });
  }

  test("says what its configuration says", () => {
    const isGpt2 = name.startsWith("gpt2");
    expect(model.vocabularySize).toBe(isGpt2 ? 257 : 258);
    expect(model.contextLength).toBe(128);
    expect(model.eosTokens).toEqual(isGpt2 ? [256] : [257]);
    expect(model.bosToken).toBe(isGpt2 ? 256 : undefined);
  });

  test("agrees with the reference", async () => {
    for (const { input_ids, last_logits } of references) {
      const [logits] = await model.createSession().feed(input_ids);
      expect(logits).toBeInstanceOf(Float32Array);
      expect(greatestDifference(logits, last_logits)).toBeLessThan(near);
    }
  });

  test("gives the same token by token, in pieces and at once", async () => {
    const { input_ids } = longest;
    const expected = await logitsOf(input_ids);
    const session = model.createSession();
    for (const [index, token] of input_ids.entries()) {
      const [logits] = await session.feed([token]);
      expect(greatestDifference(logits, expected[index])).toBeLessThan(near);
    }
    const pieces = model.createSession();
    expect(await pieces.feed(input_ids.slice(0, 5), { positions: 0 })).toEqual([]);
    const last = await pieces.feed(input_ids.slice(5, 12), { positions: 3 });
    expect(last).toHaveLength(3);
    for (const [index, logits] of last.entries()) {
      expect(greatestDifference(logits, expected[9 + index])).toBeLessThan(near);
    }
    expect(pieces.length).toBe(12);
  });

  test("cuts long prompts into calls of at most maxTokensPerCall tokens", async () => {
    const narrow = await loadOnnxModel(fixtureFolder(name), { maxTokensPerCall: 4, threads: 1 });
    const { input_ids, last_logits } = longest;
    const all = await narrow.createSession().feed(input_ids, { positions: input_ids.length });
    expect(all).toHaveLength(input_ids.length);
    expect(greatestDifference(all.at(-1)!, last_logits)).toBeLessThan(near);
    expect(narrow.stats).toEqual({
      calls: Math.ceil(input_ids.length / 4),
      tokens: input_ids.length,
      paddingTokens: 0,
    });
    await narrow.dispose();
  });

  test("rewinds as if the tokens had never been fed", async () => {
    const { input_ids } = longest;
    const expected = await logitsOf(input_ids);
    const session = model.createSession();
    await session.feed([...input_ids.slice(0, 6), 3, 1, 4, 1, 5]);
    session.rewind(2);
    session.rewind(3);
    expect(session.length).toBe(6);
    const [logits] = await session.feed(input_ids.slice(6, 8));
    expect(greatestDifference(logits, expected[7])).toBeLessThan(near);
    session.rewind(8);
    const [first] = await session.feed(input_ids.slice(0, 1));
    expect(greatestDifference(first, expected[0])).toBeLessThan(near);
  });

  test("forks into sequences that know nothing of each other", async () => {
    const { input_ids } = longest;
    const expected = await logitsOf(input_ids);
    const other = await logitsOf([...input_ids.slice(0, 5), 9, 8]);
    const session = model.createSession();
    await session.feed(input_ids.slice(0, 5));
    const fork = session.fork();
    const [forked] = await fork.feed([9, 8]);
    const [gone] = await session.feed(input_ids.slice(5, 7));
    expect(greatestDifference(forked, other[6])).toBeLessThan(near);
    expect(greatestDifference(gone, expected[6])).toBeLessThan(near);
    session.dispose();
    fork.rewind(2);
    const [again] = await fork.feed(input_ids.slice(5, 6));
    expect(greatestDifference(again, expected[5])).toBeLessThan(near);
  });

  test("gives every sequence of a batch what it gets alone, in one call a step", async () => {
    const expected = await Promise.all(references.map(({ input_ids }) => logitsOf(input_ids)));
    const sessions = references.map(() => model.createSession());
    // Warms the probe up, which is not counted.
    await model.feedBatch([
      { session: model.createSession(), tokens: [1] },
      { session: model.createSession(), tokens: [1, 2] },
    ]);
    const before = model.stats.calls;
    const fed = references.map(() => 0);
    // Steps of very different sizes; the sequences grow at different speeds and end at different times.
    const sizes = [
      [7, 1, 3],
      [1, 1, 1],
      [2, 5, 1],
      [1, 1, 1],
      [3, 1, 4],
      [1, 1, 1],
    ];
    for (const step of sizes) {
      const answers = await model.feedBatch(
        references.map(({ input_ids }, row) => ({
          session: sessions[row],
          tokens: input_ids.slice(fed[row], fed[row] + step[row]),
          positions: step[row],
        })),
      );
      for (const [row, logits] of answers.entries()) {
        for (const [index, position] of logits.entries()) {
          const alone = expected[row][fed[row] + index];
          expect(greatestDifference(position, alone)).toBeLessThan(near);
        }
        fed[row] += step[row];
      }
    }
    expect(model.stats.calls - before).toBe(sizes.length);
    expect(sessions.map(({ length }) => length)).toEqual(fed);

    // Members leave, come and change places; one rewinds inside the batch's block.
    sessions[0].rewind(4);
    fed[0] -= 4;
    const newcomer = sessions[2].fork();
    const order = [2, 0];
    const answers = await model.feedBatch([
      ...order.map((row) => ({
        session: sessions[row],
        tokens: references[row].input_ids.slice(fed[row], fed[row] + 2),
      })),
      { session: newcomer, tokens: references[2].input_ids.slice(fed[2], fed[2] + 1) },
    ]);
    for (const [index, row] of [...order, 2].entries()) {
      const position = index === 2 ? fed[row] : fed[row] + 1;
      expect(greatestDifference(answers[index][0], expected[row][position])).toBeLessThan(near);
    }
  });

  test("leaves the logits to the caller", async () => {
    const { input_ids } = longest;
    const session = model.createSession();
    const [first] = await session.feed(input_ids.slice(0, 3));
    const copy = first.slice();
    const [second] = await session.fork().feed([7]);
    expect(first).toEqual(copy);
    second.fill(0);
    const [again] = await session.feed([7]);
    expect(again.some((logit) => logit !== 0)).toBe(true);
  });

  test("goes on from where it was after a refused feed", async () => {
    const { input_ids } = longest;
    const expected = await logitsOf(input_ids);
    const session = model.createSession();
    await session.feed(input_ids.slice(0, 2));
    await expect(session.feed([])).rejects.toMatchObject({ code: "invalid-input" });
    await expect(session.feed([1, 9999])).rejects.toMatchObject({
      code: "invalid-input",
      place: "tokens[1]",
    });
    await expect(session.feed([1], { positions: 2 })).rejects.toMatchObject({
      code: "invalid-input",
      place: "positions",
    });
    await expect(session.feed(Array(127).fill(1))).rejects.toMatchObject({
      code: "limit-exceeded",
      limit: "contextLength",
      allowed: 128,
      needed: 129,
    });
    await expect(session.feed([1], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    const other = model.createSession();
    await expect(
      model.feedBatch([
        { session, tokens: [1] },
        { session: other, tokens: [1] },
        { session, tokens: [1] },
      ]),
    ).rejects.toMatchObject({ code: "invalid-input", place: "session" });
    expect(() => session.rewind(3)).toThrow(/Cannot rewind 3 tokens of a session of 2/);
    expect([session.length, other.length]).toEqual([2, 0]);
    const [logits] = await session.feed(input_ids.slice(2, 3));
    expect(greatestDifference(logits, expected[2])).toBeLessThan(near);
  });

  test("fills its context to the last token", async () => {
    const session = model.createSession();
    await session.feed(Array.from({ length: 127 }, (_, index) => index));
    const [logits] = await session.feed([5]);
    expect(logits).toHaveLength(model.vocabularySize);
    await expect(session.feed([5])).rejects.toMatchObject({ limit: "contextLength", needed: 129 });
  });

  test("stops between calls when the signal fires, and moves nothing", async () => {
    const narrow = await loadOnnxModel(fixtureFolder(name), { maxTokensPerCall: 2, threads: 1 });
    const controller = new AbortController();
    const session = narrow.createSession();
    await session.feed([1, 2, 3]);
    const feeding = session.feed(longest.input_ids, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(feeding).rejects.toMatchObject({ code: "aborted", cause: new Error("enough") });
    expect(session.length).toBe(3);
    expect(narrow.stats.calls).toBeLessThan(5);
    await narrow.dispose();
  });

  test("refuses use after disposal, and disposal twice is fine", async () => {
    const gone = await loadOnnxModel(fixtureFolder(name), { threads: 1 });
    const session = gone.createSession();
    const kept = gone.createSession();
    session.dispose();
    session.dispose();
    await expect(session.feed([1])).rejects.toMatchObject({ code: "model" });
    await gone.dispose();
    await gone.dispose();
    await expect(kept.feed([1])).rejects.toMatchObject({ code: "model" });
    expect(() => gone.createSession()).toThrow(/disposed of/);
  });
});
