/** What every printer takes. */
export interface PrintOptions {
  /**
   * For a grammar with lexing, in a notation without. "refuse": an error. "scannerless": ignored terminals are written out between the
   * others. Every text of the grammar is then one of what is printed; but so are texts that only another cut into terminals than the
   * longest allows (`ifx` as `if x`).
   * @defaultValue "refuse"
   */
  readonly lexing?: "refuse" | "scannerless" | undefined;
  /** Steps that printing may take, about as many as expressions and characters printed. @defaultValue 20,000,000 */
  readonly maxNotationWork?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
