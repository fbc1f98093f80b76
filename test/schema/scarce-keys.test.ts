import { DEAD, type PushdownAutomaton, type State } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import { ajvValidator } from "../support/ajv-oracle.ts";

// Keys that only a pattern allows, and no more of them than are looked for: each that is used is one less for the others.

const LETTERS = ["a", "b", "c", "d", "e"];

const SCHEMAS = [
  { patternProperties: { "^[a-e]$": {} }, additionalProperties: false, minProperties: 5 },
  { patternProperties: { "^[a-d]$": {} }, additionalProperties: false, minProperties: 4, required: ["b"] },
  {
    properties: { b: {} },
    patternProperties: { "^[ace]$": {} },
    additionalProperties: false,
    minProperties: 3,
    dependentRequired: { a: ["b"] },
  },
  { propertyNames: { pattern: "^[a-d]$" }, minProperties: 3, not: { required: ["c"] } },
  { propertyNames: { enum: ["a", "b", "c", "d"] }, minProperties: 3, dependentRequired: { c: ["e"], a: ["d"] } },
  {
    patternProperties: { "^[a-c]$": {}, "^[c-e]$": {} },
    additionalProperties: false,
    minProperties: 4,
    maxProperties: 4,
    anyOf: [{ required: ["a"] }, { required: ["e"] }],
  },
] as const;

function after(automaton: PushdownAutomaton, state: State, text: string): State {
  let next = state;
  for (const byte of Buffer.from(text)) if (next !== DEAD) next = automaton.next(next, byte);
  return next;
}

function arrangements(letters: readonly string[]): string[][] {
  return [
    [],
    ...letters.flatMap((letter) =>
      arrangements(letters.filter((other) => other !== letter)).map((rest) => [letter, ...rest]),
    ),
  ];
}

test.each(SCHEMAS)("objects of %j are those that ajv accepts, and each beginning of one has an end", (rest) => {
  const schema = { type: "object", ...rest };
  const validate = ajvValidator(schema);
  const valid = arrangements(LETTERS).filter((keys) => validate(Object.fromEntries(keys.map((key) => [key, 0]))));
  for (const propertyOrder of ["any", "schema"] as const) {
    const { automaton } = new JsonSchema(schema, { propertyOrder });
    const accepted: string[] = [];
    const explore = (state: State, keys: readonly string[]): void => {
      const found = accepted.length;
      if (after(automaton, state, "}") !== DEAD) accepted.push(keys.join(""));
      for (const key of LETTERS) {
        const next = after(automaton, state, `${keys.length === 0 ? "" : ","}"${key}":0`);
        if (next === DEAD) continue;
        // An object without an end would leave the count as it is.
        explore(next, [...keys, key]);
      }
      expect({ keys, isAlive: accepted.length > found }).toEqual({ keys, isAlive: true });
    };
    explore(after(automaton, automaton.start, "{"), []);
    const all = valid.map((keys) => keys.join("")).sort();
    if (propertyOrder === "any") expect(accepted.sort()).toEqual(all);
    else expect(all).toEqual(expect.arrayContaining(accepted));
  }
});
