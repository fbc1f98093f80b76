// A grammar in three notations, one with a JSON Schema inside, and free text with a mark that switches to another language.
import { generate, grammar, jsonSchema, loadModel, triggered } from "espalier";

const model = await loadModel();
const prompt = "The jacket is blue, size M, and costs 49.90 (reduced from 60).";

const sum = grammar(
  `root   ::= "price = " sum
   sum    ::= number | "(" sum (" + " | " - ") sum ")"
   number ::= [1-9] [0-9]{0,2} ("." [0-9] [0-9])?`,
  { notation: "gbnf" },
);
console.log("gbnf:     ", (await generate({ model, prompt, output: sum })).value);

const order = grammar(
  `start: "order size " SIZE " of " %json {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"], "additionalProperties": false}
   SIZE: "S" | "M" | "L"`,
  { notation: "lark" },
);
console.log("lark:     ", (await generate({ model, prompt, output: order })).value);

const list = grammar('list ::= "- " item ("; " item)* "."\nitem ::= "red" | "blue" | "size " [SML]', {
  notation: "ebnf",
});
console.log("ebnf:     ", (await generate({ model, prompt, output: list, maxTokens: 20 })).value);

// Free text: whatever is said, a price is a price.
const price = jsonSchema({ type: "object", properties: { price: { type: "number" } }, required: ["price"] });
const marked = triggered({ triggers: [{ begin: "<price>", content: price, end: "</price>" }], atLeastOne: true });
console.log("triggered:", (await generate({ model, prompt, output: grammar(marked), maxTokens: 60 })).value);

await model.dispose();
