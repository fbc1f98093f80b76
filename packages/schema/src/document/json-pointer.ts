/** Appends a reference token to a JSON Pointer fragment (`#/properties/a`). */
export function appendPointer(pointer: string, token: string | number): string {
  const text = String(token);
  // Most tokens need no escaping, and looking is cheaper than replacing.
  if (!text.includes("~") && !text.includes("/")) return `${pointer}/${text}`;
  return `${pointer}/${text.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The pointer of what is found below `pointer` by following reference tokens. */
export function pointerBelow(pointer: string, path: readonly (string | number)[]): string {
  let below = pointer;
  for (const token of path) below = appendPointer(below, token);
  return below;
}

/** The reference tokens of a pointer (RFC 6901), without its leading `#`. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
