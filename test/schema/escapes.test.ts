import { completionOf } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { describe, expect, test } from "vitest";

// JSON text, and whether each policy takes it where the schema is {"type": "string", "maxLength": 2}.
const CASES: [text: string, any: boolean, minimal: boolean][] = [
  ['"ab"', true, true],
  ['"\\u0061b"', true, false],
  ['"\\u00e9\\u00E9"', true, false],
  ['"é"', true, true],
  ['"\\ud83d\\ude00"', true, false],
  ['"😀😀"', true, true],
  ['"\\ud83d"', false, false],
  ['"\\ude00"', false, false],
  ['"\\ud83dx"', false, false],
  ['"\\n\\t"', true, true],
  ['"\\/"', true, false],
  ['"\\\\\\""', true, true],
  ['"\\u0001"', true, true],
  ['"\\u000a"', true, false],
  ['"\\u001F"', true, true],
  ['"\n"', false, false],
  ['"abc"', false, false],
  ['"\\u0061bc"', false, false],
  ['"\\x"', false, false],
];

describe.each(["any", "minimal"] as const)("escapes: %s", (escapes) => {
  const { automaton } = new JsonSchema({ type: "string", maxLength: 2 }, { escapes });

  test.each(CASES)("%s", (text, any, minimal) => {
    let state = automaton.start;
    for (const byte of Buffer.from(text)) state = automaton.next(state, byte);
    expect(automaton.isAccepting(state)).toBe(escapes === "any" ? any : minimal);
  });

  test("every state inside an escape has a completion that JSON.parse reads", () => {
    for (const [text, ...verdicts] of CASES) {
      if (!verdicts[escapes === "any" ? 0 : 1]) continue;
      const bytes = Buffer.from(text);
      let state = automaton.start;
      for (let i = 0; i < bytes.length; i++) {
        const whole = Buffer.concat([bytes.subarray(0, i), completionOf(automaton, state)]).toString();
        expect(typeof JSON.parse(whole)).toBe("string");
        state = automaton.next(state, bytes[i]);
      }
    }
  });
});

test("an escape is not begun where no character that it could spell is allowed", () => {
  const { automaton } = new JsonSchema({ enum: ["ab"] });
  const after = (text: string): number =>
    [...Buffer.from(text)].reduce((state, byte) => automaton.next(state, byte), automaton.start);
  expect(after('"\\u006')).not.toBe(0);
  expect(after('"\\u0061\\u0062"')).not.toBe(0);
  expect(after('"\\u007')).toBe(0);
  expect(after('"\\n')).toBe(0);
});
