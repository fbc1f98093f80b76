import { JsonSchema } from "@espalier/schema";
import { describe, expect, it } from "vitest";
import { maskOf } from "../support/mask-lists.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

describe("numbers of many digits under a budget", () => {
  it.each<[string, object, (value: bigint) => boolean]>([
    [
      "multiples of 4004, but not of 12012, below a bound",
      { type: "integer", multipleOf: 4004, not: { multipleOf: 12012 }, exclusiveMaximum: -100_000 },
      (value) => value % 4004n === 0n && value % 12012n !== 0n && value < -100_000n,
    ],
    [
      "positive multiples of 1000003",
      { type: "integer", multipleOf: 1_000_003, minimum: 1 },
      (value) => value % 1_000_003n === 0n,
    ],
  ])("end as they must: %s", (_, schema, isMember) => {
    const vocabulary = byteVocabulary();
    const constraint = new JsonSchema(schema).constraint(vocabulary);
    const [minus, point] = ["-", "."].map((symbol) => symbol.charCodeAt(0));
    for (let walk = 0; walk < 4; walk++) {
      const matcher = constraint.matcher({ maxTokens: 400 });
      const tokens: number[] = [];
      for (let seed = walk + 1; !matcher.isFinished();) {
        seed = (seed * 48_271) % 0x7fffffff;
        const allowed = maskOf(matcher, vocabulary);
        expect(allowed.length).toBeGreaterThan(0);
        // Digits as long as there may be some.
        const digits = allowed.filter((token) => {
          const [byte] = vocabulary.bytes(token);
          return byte === minus || (byte >= 0x30 && byte <= 0x39);
        });
        const token = (digits.length > 0 ? digits : allowed)[seed % (digits.length || allowed.length)];
        if (vocabulary.eosTokens.includes(token) || vocabulary.bytes(token)[0] === point) break;
        expect(matcher.consume(token)).toBe(true);
        tokens.push(token);
      }
      const text = vocabulary.decode(tokens);
      expect(text.length).toBeGreaterThan(40);
      expect(isMember(BigInt(text))).toBe(true);
    }
  });
});
