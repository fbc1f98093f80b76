/** What every reader of a notation takes. */
export interface NotationOptions {
  /** The rule that derives whole texts. @defaultValue what the notation says: `root`, `start`, or the first rule */
  readonly start?: string | undefined;
  /** How errors call the text: a file name, say. @defaultValue none */
  readonly name?: string | undefined;
  /**
   * Steps that reading may take; a character of the text is one, and so is an expression that is made.
   * @defaultValue 20,000,000, which is some seconds
   */
  readonly maxNotationWork?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the readers of GBNF and EBNF take. */
export interface RuleNotationOptions extends NotationOptions {
  /**
   * What becomes of names that no rule has: "refuse", or "nothing" for a rule without texts and a note in the grammar. Grammars that programs
   * have written may count on alternatives that lead nowhere.
   * @defaultValue "refuse"
   */
  readonly undefinedRules?: UndefinedRules | undefined;
}

export type UndefinedRules = "refuse" | "nothing";
