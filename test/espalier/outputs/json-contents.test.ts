import { parseGrammar } from "@espalier/grammar";
import { json } from "espalier";
import { expect, test } from "vitest";
import { byteVocabulary } from "../../support/vocabularies.ts";

const schema = { type: "string", contentMediaType: "text/x-test" } as const;
const grammarOf = (text: string): ReturnType<typeof parseGrammar> => parseGrammar(text, { notation: "gbnf" });

test("outputs with other contents are not taken for each other", () => {
  const one = grammarOf('root ::= "a"');
  const keyOf = (language: RegExp | typeof one): string | undefined =>
    json(schema, { contents: { "text/x-test": language } }).cacheKey;
  expect(keyOf(one)).toBe(keyOf(one));
  expect(keyOf(/a/)).toBe(keyOf(/a/));
  const keys = [
    keyOf(one),
    keyOf(grammarOf('root ::= "a"')),
    keyOf(/a/),
    keyOf(/b/),
    keyOf(/a/i),
    json(schema).cacheKey,
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test("the content is enforced, with the escapes of the output", () => {
  const output = json(schema, { contents: { "text/x-test": grammarOf('root ::= "\\"" root "\\"" | "a\\n"') } });
  const vocabulary = byteVocabulary([]);
  const constraint = output.compile(vocabulary, undefined)!;
  const takes = (text: string): boolean => {
    const matcher = constraint.matcher();
    return [...Buffer.from(text)].every((byte) => matcher.consume(byte)) && matcher.isAccepting();
  };
  expect(takes(JSON.stringify('""a\n""'))).toBe(true);
  expect(takes(JSON.stringify('""a\n"'))).toBe(false);
  // The output has strings spelled in one way.
  expect(takes('"\\u0061\\n"')).toBe(false);
});
