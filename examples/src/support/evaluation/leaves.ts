/**
 * The fields of a JSON value: JSON Pointer of each leaf -> the leaf as JSON text. Leaves are scalars, and arrays and objects
 * without members. Two values are equal as JSON (whatever the order of properties) when their leaves are.
 *
 * @example
 * leaves({ name: "Ada", tags: ["a", "b"], address: {} });
 * // /name -> "Ada", /tags/0 -> "a", /tags/1 -> "b", /address -> {}
 */
export function leaves(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  collect(value, "", found);
  return found;
}

function collect(value: unknown, pointer: string, found: Map<string, string>): void {
  // Of an array, the entries are its indices and items.
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (members.length === 0) {
    found.set(pointer, JSON.stringify(value));
    return;
  }
  for (const [key, member] of members) {
    collect(member, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, found);
  }
}
