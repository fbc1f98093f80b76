import type { EscapeState } from "../frames/escapes.ts";
import { escapeText, spelledCount } from "./escaped-bytes.ts";

const encoder = new TextEncoder();

/** An escape sequence that the text ends in. */
const UNFINISHED = /\\(?:u[0-9a-fA-F]{0,3}|u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?)?$/;

/**
 * The bytes of the text that captured bytes of a JSON string spell.
 * @param begun where in an escape sequence the capture begins
 */
export function decodedCapture(begun: EscapeState, captured: Uint8Array): Uint8Array {
  // Byte by byte, since a capture may begin inside a character that stands for itself.
  const raw = escapeText(begun) + String.fromCharCode(...captured);
  const written = unfinished(raw) === undefined ? raw : raw.slice(0, unfinished(raw));
  const bytes: number[] = [];
  for (const [part] of written.matchAll(/\\u[dD][89abAB][^]{2}\\u[^]{4}|\\u[^]{4}|\\[^]|[^]/g)) {
    if (part.startsWith("\\")) bytes.push(...encoder.encode(JSON.parse(`"${part}"`) as string));
    else bytes.push(part.charCodeAt(0));
  }
  return Uint8Array.from(bytes.slice(spelledCount(begun)));
}

/** Where an unfinished escape sequence begins, if the text ends in one. */
function unfinished(raw: string): number | undefined {
  const match = UNFINISHED.exec(raw);
  if (match === null) return undefined;
  // A backslash that another one escapes begins nothing.
  let backslashes = 0;
  while (raw[match.index - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 0 ? match.index : undefined;
}
