import { functionModel } from "@espalier/decoder";
import { expect, test } from "vitest";

/** Logits that tell the prefix: its length, its last token, its sum. */
const model = functionModel({
  vocabularySize: 3,
  contextLength: 6,
  logits: (prefix) => [prefix.length, prefix.at(-1)!, prefix.reduce((sum, token) => sum + token)],
});

test("feeds, rewinds and forks", async () => {
  const session = model.createSession();
  expect(await session.feed([2, 1, 0], { positions: 2 })).toEqual([Float32Array.of(2, 1, 3), Float32Array.of(3, 0, 3)]);
  session.rewind(2);
  const fork = session.fork();
  expect(await session.feed([0])).toEqual([Float32Array.of(2, 0, 2)]);
  expect(await fork.feed([2])).toEqual([Float32Array.of(2, 2, 4)]);
  expect(await fork.feed([1], { positions: 0 })).toEqual([]);
  expect([session.length, fork.length]).toEqual([2, 3]);
});

test("a batch is one call, and moves all or none", async () => {
  const [a, b] = [model.createSession(), model.createSession()];
  const before = model.stats;
  const answers = await model.feedBatch([
    { session: a, tokens: [1] },
    { session: b, tokens: [2, 2], positions: 2 },
  ]);
  expect(answers.map((logits) => logits.map(([length]) => length))).toEqual([[1], [1, 2]]);
  expect(model.stats.calls - before.calls).toBe(1);
  expect(model.stats.tokens - before.tokens).toBe(3);
  await expect(
    model.feedBatch([
      { session: a, tokens: [1] },
      { session: b, tokens: [3] },
    ]),
  ).rejects.toMatchObject({ code: "invalid-input" });
  await expect(
    model.feedBatch([
      { session: a, tokens: [1] },
      { session: b, tokens: [0, 0, 0, 0, 0] },
    ]),
  ).rejects.toMatchObject({ code: "limit-exceeded", limit: "contextLength", needed: 7 });
  expect([a.length, b.length]).toEqual([1, 2]);
});

test.each([
  ["too few", [1, 2]],
  ["NaN", [1, 2, Number.NaN]],
  ["nothing finite", [-Infinity, -Infinity, -Infinity]],
])("refuses a function that gives %s", async (_, logits) => {
  const bad = functionModel({ vocabularySize: 3, logits: () => logits });
  await expect(bad.createSession().feed([0])).rejects.toMatchObject({ code: "model" });
});

test("single -Infinity logits are fine", async () => {
  const some = functionModel({ vocabularySize: 2, logits: () => [-Infinity, 0] });
  expect(await some.createSession().feed([0])).toEqual([Float32Array.of(-Infinity, 0)]);
});
