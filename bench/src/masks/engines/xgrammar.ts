import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Vocabulary } from "../../../../packages/grammar/src/index.ts";
import { byteLevelTokens } from "../byte-level-text.ts";
import type { CompiledSchema, MaskEngine } from "../mask-engine.ts";

/** What is used here of @mlc-ai/web-xgrammar (its types need its install). */
interface Peer {
  readonly TokenizerInfo: {
    createTokenizerInfo(
      vocabulary: string[],
      type: string,
      prependSpace: boolean,
      size: number,
      stopTokens: number[],
    ): Promise<unknown>;
  };
  readonly GrammarCompiler: {
    createGrammarCompiler(tokenizer: unknown, cacheEnabled: boolean): Promise<GrammarCompiler>;
  };
  readonly GrammarMatcher: { createGrammarMatcher(grammar: CompiledGrammar): Promise<GrammarMatcher> };
}

interface GrammarCompiler {
  compileJSONSchema(
    schema: string,
    anyWhitespace: boolean,
    indent: number,
    separators: undefined,
    strictMode: boolean,
  ): Promise<CompiledGrammar>;
  compileGrammar(ebnf: string): Promise<CompiledGrammar>;
}

interface CompiledGrammar {
  dispose(): void;
}

interface GrammarMatcher {
  getNextTokenBitmask(): Promise<Int32Array>;
  acceptToken(token: number): boolean;
  dispose(): void;
}

/**
 * XGrammar compiled to WebAssembly. Any whitespace, as the texts have it, and not its strict mode, which would forbid what the
 * schema does not name.
 */
export async function xgrammarEngine(vocabulary: Vocabulary): Promise<MaskEngine> {
  const { TokenizerInfo, GrammarCompiler, GrammarMatcher } = loadAsCommonJs();
  const endToken = vocabulary.eosTokens[0];
  const tokenizer = await TokenizerInfo.createTokenizerInfo(
    byteLevelTokens(vocabulary),
    "byte_level",
    false,
    vocabulary.size,
    [endToken],
  );
  // Without the cache of whole schemas, which would only grow: no schema comes twice.
  const compiler = await GrammarCompiler.createGrammarCompiler(tokenizer, false);
  const compiled = (grammar: CompiledGrammar): CompiledSchema => ({
    matcher: async () => {
      const matcher = await GrammarMatcher.createGrammarMatcher(grammar);
      let mask: Int32Array = new Int32Array();
      const allows = (token: number): boolean => ((mask[token >>> 5] >>> (token & 31)) & 1) === 1;
      return {
        computeMask: async () => {
          mask = await matcher.getNextTokenBitmask();
        },
        isAllowed: allows,
        consume: (token) => matcher.acceptToken(token),
        mayEnd: async () => {
          mask = await matcher.getNextTokenBitmask();
          return allows(endToken);
        },
        dispose: () => matcher.dispose(),
      };
    },
    dispose: () => grammar.dispose(),
  });
  return {
    compile: async (schema) =>
      compiled(await compiler.compileJSONSchema(JSON.stringify(schema), true, -1, undefined, false)),
    compileGrammar: async ({ ebnf }) => compiled(await compiler.compileGrammar(ebnf)),
  };
}

/** The package says `"type": "module"` but its one file is a CommonJS bundle, which Node therefore cannot load in place. */
function loadAsCommonJs(): Peer {
  const modules = fileURLToPath(new URL("../../../node_modules/", import.meta.url));
  const copy = `${modules}.cache/web-xgrammar.cjs`;
  mkdirSync(`${modules}.cache`, { recursive: true });
  copyFileSync(`${modules}@mlc-ai/web-xgrammar/lib/index.js`, copy);
  return createRequire(import.meta.url)(copy) as Peer;
}
