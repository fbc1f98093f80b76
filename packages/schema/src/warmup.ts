import type { Vocabulary } from "@espalier/grammar";
import { JsonSchema } from "./json-schema.ts";

/** Every kind of value, so that the frames that most schemas share are walked. */
const SCHEMA = {
  type: "object",
  properties: {
    text: { type: "string" },
    integer: { type: "integer" },
    number: { type: "number" },
    flag: { type: "boolean" },
    list: { type: "array", items: { type: "string" } },
    any: {},
  },
  additionalProperties: false,
};
const TEXT =
  '{"text": "a \\n b", "integer": 10, "number": -1.5e2, "flag": true, "list": ["a", "b"], "any": {"k": [null]}}';

/**
 * Does beforehand what the first schema over `vocabulary` would otherwise wait for: builds the token trie, and walks it for
 * the frames that schemas share (strings, numbers, what stands between values). Takes some tenths of a second for 128,000 tokens; later
 * calls find everything done.
 */
export function warmup(vocabulary: Vocabulary): void {
  const words = new Uint32Array(vocabulary.maskWords);
  // Both escape policies: `espalier` uses one, this package's default is the other.
  for (const escapes of ["minimal", "any"] as const) {
    const matcher = new JsonSchema(SCHEMA, { escapes }).constraint(vocabulary).matcher();
    for (const byte of new TextEncoder().encode(TEXT)) {
      matcher.fillMask(words);
      const token = vocabulary.tokenOfByte(byte);
      // A vocabulary that cannot spell the text has other frames to warm; the trie is built all the same.
      if (token === undefined || !matcher.consume(token)) break;
    }
  }
}
