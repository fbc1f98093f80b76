import { CodePointSet } from "./code-point-set.ts";

/** How the `i` flag compares: "unicode" with u or v (simple case folding), "legacy" without (single-unit upper case). */
export type FoldingMode = "unicode" | "legacy";

/** For each code point that equals another under `i`: its class of equals. */
type Equals = ReadonlyMap<number, readonly number[]>;

const tables: Map<FoldingMode, Equals> = new Map();

/** Adds to a set whatever equals one of its members under the `i` flag (ECMA-262, Canonicalize). */
export function closeUnderCase(set: CodePointSet, mode: FoldingMode): CodePointSet {
  const isAscii = set.ranges.every(([, high]) => high < 0x80);
  // Keywords, which most grammars have: the table of all characters is not made for these.
  const equals = isAscii ? asciiEquals(mode) : equalsOf(mode);
  const added: [number, number][] = [];
  for (const [low, high] of set.ranges) {
    if (high - low < equals.size) {
      for (let codePoint = low; codePoint <= high; codePoint++) addAll(added, equals.get(codePoint));
    } else {
      for (const [codePoint, others] of equals) if (codePoint >= low && codePoint <= high) addAll(added, others);
    }
  }
  return added.length === 0 ? set : CodePointSet.of([...set.ranges, ...added]);
}

const asciiTables: Map<FoldingMode, Equals> = new Map();

/** What equals the letters of ASCII: with Unicode's folding, two of them equal characters beyond ASCII as well (CaseFolding.txt). */
function asciiEquals(mode: FoldingMode): Equals {
  let table = asciiTables.get(mode);
  if (table === undefined) {
    const groups = Array.from({ length: 26 }, (_, letter) => [0x41 + letter, 0x61 + letter]);
    if (mode === "unicode") {
      groups["k".charCodeAt(0) - 0x61].push(0x212a);
      groups["s".charCodeAt(0) - 0x61].push(0x017f);
    }
    asciiTables.set(mode, (table = fromGroups(groups)));
  }
  return table;
}

function addAll(ranges: [number, number][], codePoints: readonly number[] | undefined): void {
  if (codePoints !== undefined) for (const codePoint of codePoints) ranges.push([codePoint, codePoint]);
}

/** Built at the first use of the `i` flag beyond ASCII, in some milliseconds, and kept. */
function equalsOf(mode: FoldingMode): Equals {
  let table = tables.get(mode);
  if (table === undefined) {
    table = mode === "legacy" ? legacyEquals() : unicodeEquals();
    tables.set(mode, table);
  }
  return table;
}

function legacyEquals(): Equals {
  const groups = new Map<number, number[]>();
  for (let unit = 0; unit <= 0xffff; unit++) push(groups, legacyCanonical(unit), unit);
  return fromGroups(groups.values());
}

/** ECMA-262, Canonicalize without u or v: the upper case, unless it is longer or turns non-ASCII into ASCII. */
function legacyCanonical(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const canonical = upper.charCodeAt(0);
  return unit >= 128 && canonical < 128 ? unit : canonical;
}

/**
 * Simple case folding is not a method of strings, but `RegExp` has it. Characters whose full case conversions meet are
 * candidates; the engine says which of them are equal.
 */
function unicodeEquals(): Equals {
  const candidates = new Map<string, number[]>();
  // Both conversions, as a character may have but one of them.
  for (const character of everyCharacter().match(/[\p{Changes_When_Uppercased}\p{Changes_When_Lowercased}]/gu)!) {
    const codePoint = character.codePointAt(0)!;
    const upper = character.toUpperCase();
    push(candidates, upper.toLowerCase().toUpperCase(), codePoint);
    push(candidates, character.toLowerCase().toUpperCase(), codePoint);
    push(candidates, upper, codePoint);
  }
  const groups: number[][] = [];
  const parents = new Map<number, number>();
  const root = (codePoint: number): number => {
    let at = codePoint;
    for (let parent = parents.get(at); parent !== undefined; parent = parents.get(at)) at = parent;
    return at;
  };
  for (const listed of candidates.values()) {
    const distinct = [...new Set(listed)];
    for (const [index, codePoint] of distinct.entries()) {
      for (const other of distinct.slice(index + 1)) {
        if (root(other) !== root(codePoint) && areEqual(codePoint, other)) {
          parents.set(root(other), root(codePoint));
        }
      }
    }
  }
  const byRoot = new Map<number, number[]>();
  const members = new Set([...parents.keys(), ...parents.values()]);
  for (const codePoint of members) push(byRoot, root(codePoint), codePoint);
  groups.push(...byRoot.values());
  return fromGroups(groups);
}

/** All characters of the planes that have letters with case. */
function everyCharacter(): string {
  const units = new Uint16Array(0x1_0000 - 0x800 + 2 * 0x1_0000);
  let count = 0;
  for (let codePoint = 0; codePoint <= 0xffff; codePoint++) {
    if (codePoint < 0xd800 || codePoint > 0xdfff) units[count++] = codePoint;
  }
  for (let offset = 0; offset <= 0xffff; offset++) {
    units[count++] = 0xd800 + (offset >>> 10);
    units[count++] = 0xdc00 + (offset & 0x3ff);
  }
  return new TextDecoder("utf-16le").decode(units);
}

/** Whether two characters are equal under the flags `iu`. */
function areEqual(one: number, other: number): boolean {
  const [a, b] = [String.fromCodePoint(one), String.fromCodePoint(other)];
  // Back-references compare so too, but for characters that full case conversion makes longer; they need no pattern for each character.
  const isSimple = [a, b].every((text) => text.toUpperCase().length === text.length);
  return isSimple ? /^(.)\1$/isu.test(a + b) : new RegExp(`\\u{${one.toString(16)}}`, "iu").test(b);
}

function push<K>(groups: Map<K, number[]>, key: K, member: number): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [member]);
  else group.push(member);
}

function fromGroups(groups: Iterable<readonly number[]>): Equals {
  const equals = new Map<number, readonly number[]>();
  for (const group of groups) {
    if (group.length > 1) for (const codePoint of group) equals.set(codePoint, group);
  }
  return equals;
}
