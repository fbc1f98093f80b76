/** Where the JSON value that begins at `start` of a text ends; the text is known to hold one there. @internal */
export function jsonValueEnd(text: string, start: number): number {
  const scalar = /[^\s,:;"{}[\]<>]*/y;
  let depth = 0;
  for (let at = start; at < text.length;) {
    const character = text[at];
    const isOpening = character === "{" || character === "[";
    const isClosing = character === "}" || character === "]";
    if (character === '"') at = stringEnd(text, at);
    else if (depth > 0 || isOpening) at++;
    else {
      scalar.lastIndex = at;
      scalar.test(text);
      return scalar.lastIndex;
    }
    if (isOpening) depth++;
    if (isClosing) depth--;
    if (depth === 0) return at;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
