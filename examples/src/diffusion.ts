// A canvas filling in: a masked-diffusion model under a schema, position by position, in any order.
//   npx tsx examples/src/diffusion.ts [--prompt "…"] [--block-length n]
import { parseArgs } from "node:util";
import { json, loadDiffusionModel, stream } from "espalier";
import { cyan, dim, green, section } from "./support/terminal.ts";

const { values: flags } = parseArgs({
  options: {
    prompt: { type: "string", default: "Ada Lovelace, 36, lives in London." },
    "block-length": { type: "string" },
  },
});

const model = await loadDiffusionModel();
const events = stream({
  model,
  prompt: flags.prompt,
  output: json({
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" }, city: { type: "string" } },
    required: ["name", "age", "city"],
    additionalProperties: false,
  }),
  maxTokens: 40,
  diffusion: flags["block-length"] === undefined ? undefined : { blockLength: Number(flags["block-length"]) },
});

section("The prompt", flags.prompt);
console.log(dim("Each line is the canvas after a model call: what is decided, · where it is open.\n"));
for await (const event of events) {
  if (event.type === "canvas") {
    const canvas = event.pieces.map((piece, position) => {
      if (piece === undefined) return dim("·");
      return event.committed.includes(position) ? green(piece) : piece;
    });
    console.log(`${String(event.modelCalls).padStart(3)}  ${canvas.join("")}`);
  }
  if (event.type === "finish") {
    const { value, usage } = event.result;
    section("\nThe value", cyan(JSON.stringify(value)));
    console.log(`${usage.outputTokens} tokens in ${usage.modelCalls} model calls, ${usage.forcedTokens} forced.`);
  }
}
await model.dispose();
