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
