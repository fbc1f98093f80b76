// A JSON object with a string in it that follows a grammar: the schema names the media type, the option says what it is.
//   pnpm tsx examples/src/contents.ts
import { readFileSync } from "node:fs";
import { parseGrammar } from "@espalier/grammar";
import { generate, json, loadModel } from "espalier";

const sql = parseGrammar(readFileSync(new URL("support/sql.gbnf", import.meta.url), "utf8"), { notation: "gbnf" });

const output = json(
  {
    type: "object",
    properties: {
      query: { type: "string", contentMediaType: "application/sql" },
      arguments: {
        type: "string",
        contentMediaType: "application/json",
        contentSchema: { type: "array", items: { type: "integer" }, maxItems: 3 },
      },
    },
    required: ["query", "arguments"],
    additionalProperties: false,
  },
  { contents: { "application/sql": sql, "application/json": "schema" } },
);

const model = await loadModel();
const { text, value } = await generate({ model, prompt: "All singers from France", output, maxTokens: 60 });
console.log(text);
console.log(`query      ${value.query}`);
console.log(`arguments  ${JSON.stringify(JSON.parse(value.arguments))}`);
await model.dispose();
