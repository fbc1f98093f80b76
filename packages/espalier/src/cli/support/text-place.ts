/** Line and column, from 1, of what follows `before`; columns count characters. @internal */
export function textPlace(before: string): { readonly line: number; readonly column: number } {
  const lines = before.split("\n");
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}
