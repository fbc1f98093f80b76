// Free reasoning, then an answer that cannot be invalid.
import { generate, json, loadModel, thinking } from "espalier";

const model = await loadModel();
const output = thinking(
  json({
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" } },
    required: ["name", "age"],
    additionalProperties: false,
  }),
);

const { text, value, usage } = await generate({
  model,
  prompt: "Ada Lovelace, 36, lives in London.",
  output,
  // The answer is complete within the budget, however long the model would like to think.
  maxTokens: 80,
});
console.log("text:     ", JSON.stringify(text));
console.log("reasoning:", JSON.stringify(value.reasoning));
console.log("answer:   ", value.value.name, value.value.age);
console.log("tokens:   ", usage.outputTokens);
await model.dispose();
