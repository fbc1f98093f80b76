/** What `bench:masks` needs of an engine; one adapter for each. */
export interface MaskEngine {
  /**
   * Compiles a schema; the schemas before are needed no more.
   * @throws whatever the engine throws when it refuses the schema.
   */
  compile(schema: unknown): CompiledSchema | Promise<CompiledSchema>;
  /** The same for a grammar; engines without grammars have none. */
  readonly compileGrammar?: (sources: GrammarSources) => CompiledSchema | Promise<CompiledSchema>;
}

/** One grammar in the notations that the engines read. */
export interface GrammarSources {
  readonly lark: string;
  readonly ebnf: string;
}

export interface CompiledSchema {
  /** A cursor at the beginning of the text. One at a time: a new one may take over the state of the one before. */
  matcher(): EngineMatcher | Promise<EngineMatcher>;
  dispose?(): void;
}

export interface EngineMatcher {
  /** Computes the mask here. Engines that answer at once return undefined, so that nothing is awaited (and timed) needlessly. */
  computeMask(): Promise<void> | undefined;
  /** Whether the mask computed last allows `token`. */
  isAllowed(token: number): boolean;
  /** Moves over a token that the mask allows; false when the engine refuses it all the same. */
  consume(token: number): boolean;
  /** Whether the text so far may end here: whether end-of-text is in the mask, where the engine gives one for that. Not timed. */
  mayEnd(): boolean | Promise<boolean>;
  dispose?(): void;
}

export const ENGINE_NAMES = ["espalier", "llguidance", "xgrammar", "hf"] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];

export interface EngineOptions {
  /** For engines that can be told. */
  readonly propertyOrder: "any" | "schema";
}
