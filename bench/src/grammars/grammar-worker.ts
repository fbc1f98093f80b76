import { llama3Vocabulary } from "../../../test/support/vocabularies.ts";
import { loadEngine } from "../masks/load-engine.ts";
import type { EngineName } from "../masks/mask-engine.ts";
import { runCase, type CaseResult } from "../masks/run-case.ts";
import { serveRequests } from "../support/serve-requests.ts";
import type { GrammarCase } from "./grammar-cases.ts";

await serveRequests<GrammarCase, CaseResult>(async () => {
  const name = process.argv[2] as EngineName;
  const vocabulary = llama3Vocabulary();
  const tokenizer = vocabulary.tokenizer!;
  const engine = await loadEngine(name, vocabulary, { propertyOrder: "any" });
  return ({ sources, tests }) => {
    const { compileGrammar } = engine;
    if (compileGrammar === undefined) throw new Error(`${name} reads no grammars.`);
    return runCase(tests, () => compileGrammar(sources), tokenizer);
  };
});
