const WIDTH = 60;

/** The last characters of a text on one line. @internal */
export function excerptBefore(text: string): string {
  if (text === "") return "(nothing)";
  const characters = [...text];
  return `${characters.length > WIDTH ? "…" : ""}${visible(characters.slice(-WIDTH).join(""))}`;
}

/** The first characters of a text on one line. @internal */
export function excerptAfter(text: string): string {
  const head = text.slice(0, WIDTH * 2);
  const characters = [...head];
  const isCut = characters.length > WIDTH || head.length < text.length;
  return `${visible(characters.slice(0, WIDTH).join(""))}${isCut ? "…" : ""}`;
}

/** Line ends and control characters as escapes. @internal */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, (character) => {
    const named: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    return named[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
