// A user's program: compiled and run against the packed packages, outside the workspace, by packed.test.ts.
import { decodeToEnd, functionModel } from "@espalier/decoder";
import {
  compileRegex,
  Constraint,
  PushdownAutomaton,
  RegexMachine,
  TermArena,
  vocabularyFromBytes,
} from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { arbitrary } from "@espalier/schema/fast-check";
import { generate, json, loadModel } from "espalier";
import fc from "fast-check";

const PERSON = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
} as const;

const characters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const vocabulary = vocabularyFromBytes([undefined, ...characters], { eosTokens: [0] });

const arena = new TermArena();
const machine = new RegexMachine(arena);
const dates = new Constraint({
  automaton: new PushdownAutomaton(machine, machine.frameOf(compileRegex(arena, "\\d{4}-\\d{2}", { match: "whole" }))),
  vocabulary,
});

const model = functionModel({
  vocabularySize: vocabulary.size,
  eosTokens: [0],
  logits: (prefix) => characters.map((_, i) => (i + prefix.length) % 7).concat(0),
});
const constrained = await decodeToEnd({
  model,
  vocabulary,
  prompt: [1],
  matcher: new JsonSchema(PERSON).constraint(vocabulary).matcher({ maxTokens: 60 }),
  sampling: { seed: 1 },
});

const bundled = await loadModel();
const person = await generate({ model: bundled, prompt: "Ada Lovelace, 36, lives in London.", output: json(PERSON) });

// What the declarations promise: the type follows from the schema, and is not `any`.
const name: string = person.value.name;
const age: number = person.value.age;
// @ts-expect-error -- the schema has no such property
void person.value.email;

console.log(
  JSON.stringify({
    firstOfDate: dates
      .matcher()
      .allowed()
      ?.map((token) => characters[token - 1])
      .join(""),
    constrained: constrained.text,
    sampled: fc.sample(arbitrary(PERSON), { numRuns: 3, seed: 1 }),
    generated: { name, age },
  }),
);
