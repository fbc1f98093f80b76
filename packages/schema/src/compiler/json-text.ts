import { InvalidInputError } from "@espalier/grammar";
import type { ObjectKeys } from "../document/object-keys.ts";

/** Values that are written at a time, and characters: well under a millisecond. */
const MAX_VALUES = 1_000;
const MAX_CHARACTERS = 100_000;

/** An object or array that is being written. */
interface Open {
  readonly container: object;
  /** Of an object. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  at: number;
  isEmpty: boolean;
}

/**
 * A value as JSON text, as `JSON.stringify` writes it, a piece at a time.
 * @throws InvalidInputError for what cannot be written: cycles, say
 */
export function* jsonText(root: unknown, objectKeys: ObjectKeys): Generator<undefined, readonly string[]> {
  if (isSmall(root, objectKeys)) return [textOf(root) ?? ""];
  const pieces: string[] = [];
  const stack: Open[] = [];
  const above = new Set<object>();
  let piece = "";
  let written = 0;
  const put = (value: unknown): void => {
    if (typeof value !== "object" || value === null || isSmall(value, objectKeys) || "toJSON" in value) {
      piece += textOf(value) ?? "null";
      return;
    }
    if (above.has(value)) throw notJson();
    above.add(value);
    const keys = Array.isArray(value) ? undefined : objectKeys.of(value);
    stack.push({ container: value, keys, length: keys?.length ?? (value as unknown[]).length, at: 0, isEmpty: true });
    piece += keys === undefined ? "[" : "{";
  };
  const putNext = (top: Open): string | undefined => {
    const i = top.at++;
    if (top.keys === undefined) {
      if (i > 0) piece += ",";
      const value = (top.container as unknown[])[i];
      return isLongText(value) ? value : void put(value);
    }
    const key = top.keys[i];
    const value = (top.container as Record<string, unknown>)[key];
    if (value === undefined || typeof value === "function" || typeof value === "symbol") return undefined;
    piece += `${top.isEmpty ? "" : ","}${JSON.stringify(key)}:`;
    top.isEmpty = false;
    return isLongText(value) ? value : void put(value);
  };
  if (isLongText(root)) {
    for (const part of textPieces(root)) {
      pieces.push(part);
      yield;
    }
    return pieces;
  }
  put(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.at === top.length) {
      piece += top.keys === undefined ? "]" : "}";
      above.delete(top.container);
      stack.pop();
      continue;
    }
    const long = putNext(top);
    if (long !== undefined) {
      pieces.push(piece);
      piece = "";
      for (const part of textPieces(long)) {
        pieces.push(part);
        yield;
      }
    }
    if (piece.length > MAX_CHARACTERS || ++written % MAX_VALUES === 0) {
      pieces.push(piece);
      piece = "";
      yield;
    }
  }
  pieces.push(piece);
  return pieces;
}

function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw notJson(cause);
  }
}

function notJson(cause?: unknown): InvalidInputError {
  return new InvalidInputError({
    message: "The schema is not JSON: it cannot be written as text.",
    place: "#",
    cause,
  });
}

/** Whether a value is written in no time. */
function isSmall(root: unknown, objectKeys: ObjectKeys): boolean {
  const pending: unknown[] = [root];
  let values = 0;
  let characters = 0;
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === "string") characters += value.length;
    if (++values + pending.length > MAX_VALUES || characters > MAX_CHARACTERS) return false;
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      if (value.length > MAX_VALUES) return false;
      for (const item of value as readonly unknown[]) pending.push(item ?? null);
      continue;
    }
    const keys = objectKeys.of(value);
    if (keys.length > MAX_VALUES) return false;
    for (const key of keys) {
      characters += key.length;
      pending.push((value as Record<string, unknown>)[key] ?? null);
    }
  }
  return true;
}

function isLongText(value: unknown): value is string {
  return typeof value === "string" && value.length > MAX_CHARACTERS;
}

/** A long string as JSON text, in pieces that leave surrogate pairs whole. */
function* textPieces(text: string): Generator<string> {
  yield '"';
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + MAX_CHARACTERS, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last < 0xdc00) to++;
    yield JSON.stringify(text.slice(from, to)).slice(1, -1);
    from = to;
  }
  yield '"';
}
