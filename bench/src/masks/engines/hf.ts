import type { Vocabulary } from "../../../../packages/grammar/src/index.ts";
import type { MaskEngine } from "../mask-engine.ts";

/** What is used here of the engine in @huggingface/transformers-structured-output (its types need its install). */
interface Peer {
  readonly prepareTokenizer: (tokenizer: object) => void;
  readonly createTokenConstraint: (
    tokenizer: object,
    format: { type: "json_schema"; json_schema: unknown },
  ) => TokenConstraint;
}

interface TokenConstraint {
  fillMask(words: Uint32Array): boolean;
  commit(token: number): boolean;
}

/**
 * Hugging Face's engine for Transformers.js, from the sources in its package: the package's entry would also want
 * @huggingface/transformers itself.
 */
export async function huggingFaceEngine(vocabulary: Vocabulary): Promise<MaskEngine> {
  const entry = new URL(
    "../../../node_modules/@huggingface/transformers-structured-output/src/engine/index.ts",
    import.meta.url,
  );
  const { prepareTokenizer, createTokenConstraint } = (await import(entry.href)) as Peer;
  const [endToken] = vocabulary.eosTokens;
  const ids = Array.from({ length: vocabulary.size }, (_, token) => token);
  const tokenizer = {
    tokens: ids.map((token) => vocabulary.bytes(token)),
    eosTokenId: endToken,
    specialTokenIds: ids.filter((token) => vocabulary.isSpecial(token)),
  };
  prepareTokenizer(tokenizer);
  const words = new Uint32Array(vocabulary.maskWords);
  const allows = (token: number): boolean => ((words[token >>> 5] >>> (token & 31)) & 1) === 1;
  return {
    compile: (schema) => ({
      // A constraint is a cursor; masks are cached by the identity of the schema.
      matcher: () => {
        const constraint = createTokenConstraint(tokenizer, { type: "json_schema", json_schema: schema });
        return {
          computeMask: () => {
            constraint.fillMask(words);
            return undefined;
          },
          isAllowed: allows,
          consume: (token) => {
            constraint.commit(token);
            return true;
          },
          mayEnd: () => {
            constraint.fillMask(words);
            return allows(endToken);
          },
        };
      },
    }),
  };
}
