import { decodeToEnd, type Monitor } from "@espalier/decoder";
import { LimitExceededError, UnsatisfiableError } from "@espalier/grammar";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../support/runs.ts";
import { byteTokens, byteVocabulary, EOS } from "../support/byte-vocabulary.ts";
import { ListedMatcher } from "../support/listed-matcher.ts";
import { hashedModel } from "../support/watched-model.ts";

const vocabulary = byteVocabulary();
const VOCABULARY_SIZE = 257;

/** Refuses by the whole text alone, or as soon as nothing on the list begins like this. */
function listMonitor(texts: ReadonlySet<string>, isForesighted: boolean): Monitor & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    accepts: ({ text, isComplete }) => {
      asked.push(isComplete ? `${text}$` : text);
      if (isComplete) return texts.has(text);
      return !isForesighted || [...texts].some((member) => member.startsWith(text));
    },
  };
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "ä"), minLength: 0, maxLength: 4 });

describe("with a monitor", () => {
  test("an output is one that the constraint and the monitor both accept, or there is none", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 1, maxLength: 8 }),
        fc.uniqueArray(word, { maxLength: 8 }),
        fc.boolean(),
        fc.nat(),
        async (allowed, right, isForesighted, seed) => {
          const monitor = listMonitor(new Set(right), isForesighted);
          const both = allowed.filter((text) => right.includes(text));
          const decoding = decodeToEnd({
            model: hashedModel(VOCABULARY_SIZE),
            vocabulary,
            prompt: [seed % 256],
            matcher: new ListedMatcher(allowed.map(byteTokens), EOS),
            sampling: { seed, temperature: 2 },
            monitor,
          });
          if (both.length === 0) {
            await expect(decoding).rejects.toBeInstanceOf(UnsatisfiableError);
          } else {
            const { text, tokens, reason } = await decoding;
            expect(both).toContain(text);
            expect([tokens, reason]).toEqual([byteTokens(text), "end"]);
          }
          // No text is asked about twice, so the search ends.
          const complete = monitor.asked.filter((text) => text.endsWith("$"));
          expect(new Set(complete).size).toBe(complete.length);
        },
      ),
      { numRuns: runs(300) },
    );
  });

  test("every text that both accept comes up", async () => {
    const both = new Set(["ab", "ba", "bb"]);
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const matcher = new ListedMatcher(["aa", "ab", "ba", "bb", "b"].map(byteTokens), EOS);
      const model = hashedModel(VOCABULARY_SIZE);
      const options = { model, vocabulary, prompt: [seed], matcher, sampling: { seed, temperature: 5 } };
      const { text } = await decodeToEnd({ ...options, monitor: listMonitor(both, seed % 2 === 0) });
      seen.add(text);
    }
    expect(seen).toEqual(both);
  });

  test("an asynchronous monitor decides like a synchronous one", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const right = new Set(["aab", "abb"]);
      const decodeWith = async (monitor: Monitor): Promise<string> => {
        const matcher = new ListedMatcher(["aaa", "aab", "abb", "baa"].map(byteTokens), EOS);
        const model = hashedModel(VOCABULARY_SIZE);
        return (await decodeToEnd({ model, vocabulary, prompt: [1], matcher, sampling: { seed }, monitor })).text;
      };
      const synchronous = listMonitor(right, false);
      const asynchronous: Monitor = {
        accepts: async (output) => {
          await Promise.resolve();
          return listMonitor(right, false).accepts(output);
        },
      };
      expect(await decodeWith(asynchronous)).toBe(await decodeWith(synchronous));
    }
  });

  test("continuations leave nothing to refuse, and free text can be narrowed to them", async () => {
    const names = ["singer", "song", "stadium"];
    let refusals = 0;
    const monitor: Monitor = {
      continuations: ({ text }) =>
        names.includes(text)
          ? [""]
          : names.filter((name) => name.startsWith(text)).map((name) => name.slice(text.length)),
      accepts: ({ text, isComplete }) => {
        const isRight = isComplete
          ? names.includes(text)
          : names.some((name) => name.startsWith(text) || text === name);
        if (!isRight) refusals++;
        return isRight;
      },
    };
    const spelled = byteVocabulary(["si", "ng", "singer ", "sta", "x"]);
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const model = hashedModel(spelled.size);
      const sampling = { seed, temperature: 3 };
      const { text } = await decodeToEnd({
        model,
        vocabulary: spelled,
        eosTokens: [EOS],
        prompt: [seed],
        sampling,
        maxTokens: 40,
        monitor,
      });
      seen.add(text);
    }
    expect(seen).toEqual(new Set(names));
    // "singer " begins with a name and says more: only trying tells.
    expect(refusals).toBeLessThanOrEqual(30);
  });

  test("refused tokens are drawn again without a model call", async () => {
    const model = hashedModel(VOCABULARY_SIZE);
    const outputs = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
    const matcher = new ListedMatcher(outputs.map(byteTokens), EOS);
    const monitor = listMonitor(new Set(["q"]), true);
    const { text, usage } = await decodeToEnd({ model, vocabulary, prompt: [3], matcher, monitor });
    expect(text).toBe("q");
    expect(usage.modelCalls).toBe(1);
    expect(model.stats.calls).toBe(1);
  });

  test("too many refusals end in an error that says so", async () => {
    const matcher = new ListedMatcher(["a", "b", "c", "d"].map(byteTokens), EOS);
    const options = { model: hashedModel(VOCABULARY_SIZE), vocabulary, prompt: [3], matcher };
    const decoding = decodeToEnd({ ...options, monitor: listMonitor(new Set(), false), maxRefusals: 2 });
    await expect(decoding).rejects.toMatchObject({ limit: "maxRefusals", allowed: 2 });
    await expect(decoding).rejects.toBeInstanceOf(LimitExceededError);
  });

  test("what the monitor throws comes through", async () => {
    const matcher = new ListedMatcher(["a", "b"].map(byteTokens), EOS);
    const monitor: Monitor = {
      accepts: () => {
        throw new Error("no such table");
      },
    };
    const decoding = decodeToEnd({ model: hashedModel(VOCABULARY_SIZE), vocabulary, prompt: [3], matcher, monitor });
    await expect(decoding).rejects.toThrow("no such table");
  });

  test("a fired signal ends it", async () => {
    const controller = new AbortController();
    const matcher = new ListedMatcher(["aaaa", "bbbb", "abab"].map(byteTokens), EOS);
    const monitor: Monitor = {
      accepts: ({ text }) => {
        if (text.length > 0) controller.abort();
        return true;
      },
    };
    const options = { model: hashedModel(VOCABULARY_SIZE), vocabulary, prompt: [3], matcher, monitor };
    const { reason } = await decodeToEnd({ ...options, jumpForward: false, signal: controller.signal });
    expect(reason).toBe("aborted");
  });
});
