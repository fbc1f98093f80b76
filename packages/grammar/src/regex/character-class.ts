import type { AST } from "@eslint-community/regexpp";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { closeUnderCase, type FoldingMode } from "./case-folding.ts";
import { CodePointSet, MAX_CODE_POINT } from "./code-point-set.ts";
import { unicodeProperty } from "./unicode-property.ts";

/** The flags in force at a node. */
export interface RegexFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  /** With u: by code point. */
  readonly unicode: boolean;
  /** With v: by code point, and with set operations in classes. */
  readonly unicodeSets: boolean;
}

/** What a class matches: single characters and, with v, strings of another length than one. */
export interface ClassContents {
  readonly characters: CodePointSet;
  readonly strings: ReadonlyMap<string, readonly CodePointSet[]>;
}

export type CharacterNode =
  | AST.Character
  | AST.CharacterSet
  | AST.CharacterClass
  | AST.ExpressionCharacterClass
  | AST.CharacterClassElement
  | AST.ClassIntersection
  | AST.ClassSubtraction
  | AST.ClassSetOperand;

const NO_STRINGS: ClassContents["strings"] = new Map();
const DIGITS = CodePointSet.of([[0x30, 0x39]]);
const WORD = CodePointSet.of([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
/** ECMA-262, WhiteSpace and LineTerminator. */
const SPACE = CodePointSet.of([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);
/** ECMA-262, LineTerminator: what `.` leaves out without s, and what `^` and `$` look for with m. */
export const LINE_TERMINATORS: CodePointSet = CodePointSet.of([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);

/** The largest unit of matching: a code point with u or v, a UTF-16 code unit without. */
export function largestCharacter(flags: RegexFlags): number {
  return flags.unicode || flags.unicodeSets ? MAX_CODE_POINT : 0xffff;
}

/** The characters of `\w`, by which `\b` judges: with i and u, two more that fold to ASCII letters. */
export function wordCharacters(flags: RegexFlags): CodePointSet {
  return flags.ignoreCase && (flags.unicode || flags.unicodeSets) ? closeUnderCase(WORD, "unicode") : WORD;
}

/** What a character, set or class matches under the flags. */
export function classContents(node: CharacterNode, flags: RegexFlags): ClassContents {
  const contents = evaluate(node, flags);
  // With v each operand is closed under case before it is combined; without, the class is closed as a whole.
  return flags.unicodeSets || node.type === "CharacterClass" ? contents : closed(contents, flags);
}

function evaluate(node: CharacterNode, flags: RegexFlags): ClassContents {
  switch (node.type) {
    case "Character":
      return operand(CodePointSet.of([[node.value, node.value]]), flags);
    case "CharacterClassRange":
      return operand(CodePointSet.of([[node.min.value, node.max.value]]), flags);
    case "CharacterSet":
      return evaluateSet(node, flags);
    case "CharacterClass": {
      let contents = combine(node.elements.map((element) => evaluate(element, flags)));
      if (!flags.unicodeSets) contents = closed(contents, flags);
      return node.negate ? plain(contents.characters.complement(largestCharacter(flags))) : contents;
    }
    case "ExpressionCharacterClass": {
      const contents = evaluateExpression(node.expression, flags);
      return node.negate ? plain(contents.characters.complement()) : contents;
    }
    case "ClassStringDisjunction":
      return combine(node.alternatives.map((alternative) => stringContents(alternative, flags)));
    case "ClassIntersection":
    case "ClassSubtraction":
      return evaluateExpression(node, flags);
  }
}

function evaluateExpression(node: AST.ClassIntersection | AST.ClassSubtraction, flags: RegexFlags): ClassContents {
  // The parser nests to the left, and a class may hold any number of operands.
  const rights: (AST.ClassIntersection | AST.ClassSubtraction)[] = [];
  let left: CharacterNode = node;
  while (left.type === "ClassIntersection" || left.type === "ClassSubtraction") {
    rights.push(left);
    left = left.left;
  }
  let contents = evaluate(left, flags);
  for (const { type, right } of rights.reverse()) {
    const other = evaluate(right, flags);
    const intersection = type === "ClassIntersection";
    contents = {
      characters: intersection
        ? contents.characters.intersect(other.characters)
        : contents.characters.subtract(other.characters),
      strings: new Map([...contents.strings].filter(([key]) => other.strings.has(key) === intersection)),
    };
  }
  return contents;
}

function stringContents(node: AST.StringAlternative, flags: RegexFlags): ClassContents {
  const sets = node.elements.map((element) => evaluate(element, flags).characters);
  if (sets.length === 1) return plain(sets[0]);
  // Strings that are equal under the flags have equal sets, and so equal keys.
  const key = sets.map((set) => set.ranges.join("+")).join(" ");
  return { characters: CodePointSet.empty, strings: new Map([[key, sets]]) };
}

function evaluateSet(node: AST.CharacterSet, flags: RegexFlags): ClassContents {
  const max = largestCharacter(flags);
  switch (node.kind) {
    case "any":
      return plain((flags.dotAll ? CodePointSet.empty : LINE_TERMINATORS).complement(max));
    case "digit":
      return plain(node.negate ? DIGITS.complement(max) : DIGITS);
    case "space":
      return plain(node.negate ? SPACE.complement(max) : SPACE);
    case "word": {
      const word = wordCharacters(flags);
      return plain(node.negate ? word.complement(max) : word);
    }
    case "property":
      return evaluateProperty(node, flags);
  }
}

function evaluateProperty(node: AST.UnicodePropertyCharacterSet, flags: RegexFlags): ClassContents {
  const expression = node.value === null ? node.key : `${node.key}=${node.value}`;
  if (node.strings) {
    throw new UnsupportedError({
      message: `The property of strings ${node.raw} at offset ${node.start} is not supported.`,
      place: `offset ${node.start}`,
      hint: "List the strings: [\\q{…|…}].",
    });
  }
  const members = propertyMembers(node, expression);
  // With v the property is closed under case before it is complemented, with u afterwards.
  const contents = operand(members, flags);
  return node.negate ? plain(contents.characters.complement()) : contents;
}

function propertyMembers(node: AST.UnicodePropertyCharacterSet, expression: string): CodePointSet {
  try {
    return unicodeProperty(expression);
  } catch (cause) {
    throw new UnsupportedError({
      message: `The Unicode property ${node.raw} at offset ${node.start} is not known to this JavaScript engine.`,
      place: `offset ${node.start}`,
      cause,
    });
  }
}

/** The leaf of a class: with v and i, closed under case at once. */
function operand(characters: CodePointSet, flags: RegexFlags): ClassContents {
  const contents = plain(characters);
  return flags.unicodeSets ? closed(contents, flags) : contents;
}

function closed(contents: ClassContents, flags: RegexFlags): ClassContents {
  if (!flags.ignoreCase) return contents;
  const mode: FoldingMode = flags.unicode || flags.unicodeSets ? "unicode" : "legacy";
  return { characters: closeUnderCase(contents.characters, mode), strings: contents.strings };
}

function plain(characters: CodePointSet): ClassContents {
  return { characters, strings: NO_STRINGS };
}

function combine(contents: readonly ClassContents[]): ClassContents {
  const strings = contents.flatMap((part) => [...part.strings]);
  return {
    characters: CodePointSet.union([CodePointSet.empty, ...contents.map((part) => part.characters)]),
    strings: strings.length === 0 ? NO_STRINGS : new Map(strings),
  };
}
