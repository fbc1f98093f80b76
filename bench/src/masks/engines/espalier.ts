import {
  type Constraint,
  GrammarLanguage,
  isAllowed,
  maskWordCount,
  parseLark,
  type Vocabulary,
} from "../../../../packages/grammar/src/index.ts";
import { JsonSchema } from "../../../../packages/schema/src/index.ts";
import type { CompiledSchema, EngineOptions, MaskEngine } from "../mask-engine.ts";

/** This repository's own engine, from its sources. */
export function espalierEngine(vocabulary: Vocabulary, { propertyOrder }: EngineOptions): MaskEngine {
  const words = new Uint32Array(maskWordCount(vocabulary.size));
  const endToken = vocabulary.eosTokens[0];
  // The index over the vocabulary belongs to the vocabulary, not to a schema.
  void vocabulary.trie;
  const compiled = (constraint: Constraint): CompiledSchema => ({
    matcher: () => {
      const matcher = constraint.matcher();
      return {
        computeMask: () => void matcher.fillMask(words),
        isAllowed: (token) => isAllowed(words, token),
        consume: (token) => matcher.consume(token),
        mayEnd: () => {
          matcher.fillMask(words);
          return isAllowed(words, endToken);
        },
      };
    },
  });
  return {
    compile: (schema) => compiled(new JsonSchema(schema, { propertyOrder }).constraint(vocabulary)),
    compileGrammar: ({ lark }) => compiled(new GrammarLanguage(parseLark(lark)).constraint(vocabulary)),
  };
}
