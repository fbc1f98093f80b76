import type { Vocabulary } from "../../../../packages/grammar/src/index.ts";
import { byteLevelTokens } from "../byte-level-text.ts";
import type { CompiledSchema, MaskEngine } from "../mask-engine.ts";

/** What is used here of transformers-llguidance (its types need its install). */
interface Peer {
  readonly GuidanceParser: {
    create(grammar: PeerGrammar, tokenizer: unknown): Promise<GuidanceParser>;
  };
}

type PeerGrammar =
  | { readonly type: "json_schema"; readonly schema: unknown }
  | { readonly type: "lark"; readonly grammar: string };

interface GuidanceParser {
  /** One byte for each token, 1 when it is allowed. */
  getTokenMask(): Uint8Array;
  advance(token: number): void;
  isComplete(): boolean;
  reset(grammar?: PeerGrammar): void;
}

/**
 * llguidance compiled to WebAssembly. Its parser takes the tokenizer when it is made, so that one parser is kept and reset with
 * each schema, as its manual recommends.
 */
export async function llguidanceEngine(vocabulary: Vocabulary): Promise<MaskEngine> {
  const specifier = "transformers-llguidance";
  const { GuidanceParser } = (await import(specifier)) as Peer;
  const endToken = vocabulary.eosTokens[0];
  const tokens = byteLevelTokens(vocabulary);
  const parser = await GuidanceParser.create(
    { type: "json_schema", schema: {} },
    {
      vocab: Object.fromEntries(tokens.map((text, token) => [text, token])),
      merges: [],
      added_tokens: tokens.flatMap((content, id) =>
        vocabulary.isSpecial(id)
          ? [{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }]
          : [],
      ),
      model_type: "bpe",
      eos_token_id: endToken,
    },
  );
  const compiled = (grammar: PeerGrammar): CompiledSchema => {
    parser.reset(grammar);
    let isFresh = true;
    return {
      matcher: () => {
        if (!isFresh) parser.reset(grammar);
        isFresh = false;
        let mask: Uint8Array = new Uint8Array();
        return {
          computeMask: () => {
            mask = parser.getTokenMask();
            return undefined;
          },
          isAllowed: (token) => mask[token] === 1,
          consume: (token) => {
            parser.advance(token);
            return true;
          },
          // Where nothing may follow, the parser has stopped and gives no mask.
          mayEnd: () => parser.isComplete() || parser.getTokenMask()[endToken] === 1,
        };
      },
    };
  };
  return {
    compile: (schema) => compiled({ type: "json_schema", schema: withOptions(schema) }),
    compileGrammar: ({ lark }) => compiled({ type: "lark", grammar: lark }),
  };
}

/** `oneOf` taken for `anyOf` instead of refused: kinder than MaskBench's own run, which leaves the defaults, and more schemas to compare. */
function withOptions(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  return { ...schema, "x-guidance": { coerce_one_of: true } };
}
