import { llama3Vocabulary } from "../../../test/support/vocabularies.ts";
import type { SchemaCase } from "../support/schema-cases.ts";
import { serveRequests } from "../support/serve-requests.ts";
import { loadEngine } from "./load-engine.ts";
import type { EngineName, EngineOptions } from "./mask-engine.ts";
import { runCase, type CaseResult } from "./run-case.ts";

export interface MaskRequest {
  readonly line: string;
}

export interface MaskReply extends CaseResult {
  readonly residentMegabytes: number;
}

await serveRequests<MaskRequest, MaskReply>(async () => {
  const [name, propertyOrder] = process.argv.slice(2) as [EngineName, EngineOptions["propertyOrder"]];
  const vocabulary = llama3Vocabulary();
  const tokenizer = vocabulary.tokenizer!;
  const engine = await loadEngine(name, vocabulary, { propertyOrder });
  return async ({ line }) => {
    const { schema, tests } = JSON.parse(line) as SchemaCase;
    return {
      ...(await runCase(tests, () => engine.compile(schema), tokenizer)),
      residentMegabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
    };
  };
});
