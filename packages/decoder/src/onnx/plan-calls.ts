/** What one sequence brings to a call. @internal */
export interface PlannedPart {
  /** Tokens fed before. */
  readonly length: number;
  /** Tokens to feed. */
  readonly count: number;
}

/**
 * Splits parts into groups that go into one model call each; order is kept inside a group, so that a batch which stays
 * together keeps its rows.
 *
 * With `padding`, sequences of all lengths go together, except that few tokens are not padded to a great many
 * (a call's longest part is at most four times its shortest, plus 16). Without, only equal lengths and counts do.
 * @internal
 */
export function planCalls<Part extends PlannedPart>(
  parts: readonly Part[],
  options: { readonly padding: boolean; readonly maxRows: number },
): Part[][] {
  const groups: Part[][] = options.padding ? byCount(parts) : byShape(parts);
  if (options.maxRows === Infinity) return groups;
  return groups.flatMap((group) => group.map((part) => [part]));
}

function byCount<Part extends PlannedPart>(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  let left = parts;
  while (left.length > 0) {
    const longest = left.reduce((most, { count }) => Math.max(most, count), 0);
    groups.push(left.filter(({ count }) => count * 4 + 16 >= longest));
    left = left.filter(({ count }) => count * 4 + 16 < longest);
  }
  return groups;
}

function byShape<Part extends PlannedPart>(parts: readonly Part[]): Part[][] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const key = `${part.length}:${part.count}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  return [...groups.values()];
}
