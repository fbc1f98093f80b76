/** Rows as text, columns aligned; the last column is left as it is. @internal */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(column < row.length - 1 ? widths[column] : 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
