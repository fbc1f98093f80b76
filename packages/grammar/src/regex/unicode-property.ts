import { CodePointSet } from "./code-point-set.ts";

const SURROGATE_START = 0xd800;
const SURROGATE_COUNT = 0x800;

const cache: Map<string, CodePointSet> = new Map();

/**
 * The code points of `\p{key}` or `\p{key=value}`, surrogates aside, as the running engine knows them. Some 40 ms at a
 * property's first use, then cached for the process (there are a few hundred properties).
 * @param expression what stands between the braces
 * @throws SyntaxError when the engine does not know the property
 */
export function unicodeProperty(expression: string): CodePointSet {
  let set = cache.get(expression);
  if (set === undefined) {
    set = CodePointSet.of(scan(new RegExp(`\\p{${expression}}+`, "gu")));
    cache.set(expression, set);
  }
  return set;
}

/** Runs a pattern over all code points, a plane at a time. */
function scan(pattern: RegExp): [number, number][] {
  const ranges: [number, number][] = [];
  for (const [plane, text] of planes().entries()) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const end = match.index + match[0].length;
      ranges.push([codePointAt(plane, match.index), codePointBefore(plane, end)]);
    }
  }
  return ranges;
}

let planeTexts: readonly string[] | undefined;

/** The 17 planes as texts of all their characters in order, plane 0 without its surrogates: 4.4 MB, made at first use. */
function planes(): readonly string[] {
  if (planeTexts === undefined) {
    const decoder = new TextDecoder("utf-16le");
    planeTexts = Array.from({ length: 17 }, (_, plane) => decoder.decode(planeUnits(plane)));
  }
  return planeTexts;
}

function planeUnits(plane: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(plane === 0 ? 2 * (0x1_0000 - SURROGATE_COUNT) : 4 * 0x1_0000));
  let at = 0;
  for (let offset = 0; offset < 0x1_0000; offset++) {
    if (plane > 0) {
      const beyond = (plane - 1) * 0x1_0000 + offset;
      bytes.setUint16(at, 0xd800 | (beyond >>> 10), true);
      bytes.setUint16(at + 2, 0xdc00 | (beyond & 0x3ff), true);
      at += 4;
    } else if (offset < SURROGATE_START || offset >= SURROGATE_START + SURROGATE_COUNT) {
      bytes.setUint16(at, offset, true);
      at += 2;
    }
  }
  return new Uint8Array(bytes.buffer);
}

function codePointAt(plane: number, index: number): number {
  if (plane > 0) return plane * 0x1_0000 + index / 2;
  return index < SURROGATE_START ? index : index + SURROGATE_COUNT;
}

function codePointBefore(plane: number, end: number): number {
  return codePointAt(plane, end - (plane > 0 ? 2 : 1));
}
