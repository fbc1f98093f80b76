/** Names that are compared; beyond, no hint is worth its time. */
const MOST_COMPARED = 20_000;
const LONGEST = 60;

/** The names that somebody may have meant, nearest first: at most three, at most a third of the letters, rounded up, away. */
export function nearNames(name: string, names: Iterable<string>): string[] {
  if (name.length > LONGEST) return [];
  const allowed = Math.ceil(name.length / 3);
  const found: { readonly name: string; readonly distance: number }[] = [];
  let compared = 0;
  for (const other of names) {
    if (++compared > MOST_COMPARED) break;
    if (Math.abs(other.length - name.length) > allowed) continue;
    const distance = editDistance(name.toLowerCase(), other.toLowerCase());
    if (distance <= allowed) found.push({ name: other, distance });
  }
  found.sort((a, b) => a.distance - b.distance);
  return found.slice(0, 3).map((each) => each.name);
}

/** Levenshtein's distance, with one row. */
function editDistance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      row[j] = Math.min(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1));
      diagonal = above;
    }
  }
  return row[b.length];
}
