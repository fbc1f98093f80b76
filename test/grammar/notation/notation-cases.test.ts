import { EspalierError, parseGrammar, type Notation } from "@espalier/grammar";
import { describe, expect, it } from "vitest";
import { formText } from "./support/form-text.ts";
import { readNotationCases } from "./support/read-notation-cases.ts";

describe.each(["gbnf", "lark", "ebnf"] as const)("cases/%s.txt", (notation) => {
  const cases = readNotationCases(new URL(`cases/${notation}.txt`, import.meta.url));
  it.each(cases.map((each) => [each.title, each] as const))("%s", (_, { grammar, options, expected }) => {
    expect(answer(grammar, notation, options, expected)).toBe(expected);
  });
});

function answer(grammar: string, notation: Notation, options: object, expected: string): string {
  try {
    return formText(parseGrammar(grammar, { notation, ...options }));
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    const place = /^line (\d+), column (\d+)$/.exec(error.place ?? "");
    const head = `! ${error.name} ${place === null ? "-" : `${place[1]}:${place[2]}`}`;
    const fragment = expected.startsWith(head) ? expected.slice(head.length + 1) : "";
    return `${head} ${error.message.includes(fragment) && fragment !== "" ? fragment : error.message}`;
  }
}
