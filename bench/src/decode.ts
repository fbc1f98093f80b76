import { parseArgs } from "node:util";
import { llama3Vocabulary } from "../../test/support/vocabularies.ts";
import { measureEndToEnd } from "./decode/end-to-end.ts";
import { measureOverhead } from "./decode/pure-overhead.ts";
import { printEndToEnd, printOverhead } from "./decode/print-decode.ts";
import { SCENARIOS } from "./decode/scenarios.ts";
import { writeJson } from "./support/write-json.ts";

const { values } = parseArgs({
  options: {
    repetitions: { type: "string", default: "20" },
    texts: { type: "string", default: "12" },
    only: { type: "string" },
    json: { type: "string" },
  },
});

const SAMPLINGS = {
  greedy: { temperature: 0 },
  "temperature 0.7, top-k 40": { temperature: 0.7, topK: 40 },
  "temperature 0.7, top-p 0.95": { temperature: 0.7, topP: 0.95 },
  "temperature 0.7": { temperature: 0.7 },
};

const overhead =
  values.only === "model"
    ? []
    : await measureOverhead({
        vocabulary: llama3Vocabulary(),
        scenarios: SCENARIOS,
        samplings: SAMPLINGS,
        repetitions: Number(values.repetitions),
      });
if (overhead.length > 0) printOverhead(overhead);

const endToEnd = values.only === "overhead" ? undefined : await measureEndToEnd(Number(values.texts));
if (endToEnd !== undefined) printEndToEnd(endToEnd);

writeJson(values.json, { overhead, endToEnd });
