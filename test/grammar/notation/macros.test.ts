import fc from "fast-check";
import { GrammarLanguage, parseEbnf } from "@espalier/grammar";
import { expect, test } from "vitest";
import { accepts } from "../../support/automaton-texts.ts";

interface Dispatch {
  readonly tags: readonly string[];
  readonly excludes: readonly string[];
  readonly loops: boolean;
}

/** Reads as XGrammar's guide tells it: free text up to the first tag that is complete, then "<", "x" any number of times, ">". */
function readByHand(text: string, { tags, excludes, loops }: Dispatch): boolean {
  let from = 0;
  for (let end = 0; end <= text.length; end++) {
    const free = text.slice(from, end);
    if (excludes.some((each) => free.endsWith(each))) return false;
    if (!tags.some((tag) => free.endsWith(tag))) continue;
    const body = /^<x*>/.exec(text.slice(end));
    if (body === null) return false;
    from = end + body[0].length;
    if (!loops) return from === text.length;
    end = from;
  }
  return true;
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "<"), minLength: 1, maxLength: 3 });
const dispatch = fc.record({
  tags: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
  excludes: fc.uniqueArray(word, { maxLength: 2 }),
  loops: fc.boolean(),
});

test("TagDispatch reads free text up to a tag, and then its rule", () => {
  const piece = fc.constantFrom("a", "b", "<", "x", ">", "<x>", "<>", "c");
  fc.assert(
    fc.property(
      dispatch,
      fc.array(fc.array(piece, { maxLength: 9 }), { minLength: 20, maxLength: 20 }),
      (one, pieces) => {
        const pairs = one.tags.map((tag) => `("${tag}", body), `).join("");
        const excludes = one.excludes.map((each) => `"${each}", `).join("");
        const text = `root ::= TagDispatch(${pairs}loop_after_dispatch=${one.loops}, excludes=(${excludes}))\nbody ::= "<" "x"* ">"`;
        const { automaton } = new GrammarLanguage(parseEbnf(text));
        for (const each of pieces.map((parts) => parts.join("")))
          expect([text, each, accepts(automaton, each)]).toEqual([text, each, readByHand(each, one)]);
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  [String.raw`\\d+\\.[a-c]{2}`, "", /^(?:\d+\.[a-c]{2})$/su],
  [".x", "", /^(?:.x)$/su],
  [".x", ', flags="u"', /^(?:.x)$/u],
  [".x", ', flags="s"', /^(?:.x)$/su],
  [String.raw`.*|\\S"`, ", json_string=true", /^[^"\\\p{Cc}]*$/u],
])("Regex(%j%s) matches whole texts", (pattern, more, expected) => {
  const source = pattern.replaceAll('"', String.raw`\"`);
  const { automaton } = new GrammarLanguage(parseEbnf(`root ::= "<" Regex("${source}"${more}) ">"`));
  for (const text of ["", "1.ab", "12.cc", "1.ad", "éx", "\nx", "x", "a b", 'a"', "\\", "\t"])
    expect([text, accepts(automaton, `<${text}>`)]).toEqual([text, expected.test(text)]);
});
