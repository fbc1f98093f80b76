import type { AST } from "@eslint-community/regexpp";
import type { WorkBudget } from "../../budget/work-budget.ts";
import type { RegexExpression } from "../../cfg/grammar.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { type CharacterNode, classContents, type RegexFlags } from "../../regex/character-class.ts";
import type { CodePointSet } from "../../regex/code-point-set.ts";
import { scopedFlags } from "../../regex/pattern-traits.ts";
import { lengths } from "../lark/pattern-analysis.ts";
import { isHidden, numbered, spellCharacter } from "./character-escapes.ts";
import { parsePattern } from "./parse-pattern.ts";
import { charactersOfSet } from "./regex-expression.ts";

/** What `translatePythonRegex` makes of Python's shorthands inside a class, and how they are written. */
const CONTENTS: readonly (readonly [contents: string, shorthand: string])[] = [
  [String.raw`\p{L}\p{N}_`, "w"],
  [String.raw`\p{Nd}`, "d"],
  [String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`, "s"],
];

/** Sets that go back to a shorthand as they stand. */
const SHORTHANDS: ReadonlyMap<string, string> = new Map(
  CONTENTS.flatMap(([contents, name]): [string, string][] => [
    [contents, `\\${name}`],
    [`[${contents}]`, `\\${name}`],
    [`[^${contents}]`, `\\${name.toUpperCase()}`],
  ]),
);

/**
 * A pattern as Lark writes it, slashes and flags included: `translatePythonRegex` the other way round.
 * @throws UnsupportedError for back-references, and for lookbehinds of no fixed length, which Python refuses
 */
export function pythonPattern(regex: RegexExpression, rule: string, budget: WorkBudget): string {
  const { pattern, flags } = parsePattern(regex, rule);
  const body = new PythonPattern(rule, budget).alternatives(pattern.alternatives, flags);
  return `/${body === "" ? "(?:)" : body}/${flags.ignoreCase ? "i" : ""}${flags.dotAll ? "s" : ""}`;
}

class PythonPattern {
  readonly #rule: string;
  readonly #budget: WorkBudget;

  constructor(rule: string, budget: WorkBudget) {
    this.#rule = rule;
    this.#budget = budget;
  }

  alternatives(list: readonly AST.Alternative[], flags: RegexFlags): string {
    return list.map(({ elements }) => elements.map((each) => this.#element(each, flags)).join("")).join("|");
  }

  #element(node: AST.Element | AST.QuantifiableElement, flags: RegexFlags): string {
    this.#budget.spend();
    switch (node.type) {
      case "Group": {
        const inner = scopedFlags(node, flags);
        const on = `${!flags.ignoreCase && inner.ignoreCase ? "i" : ""}${!flags.dotAll && inner.dotAll ? "s" : ""}`;
        const off = `${flags.ignoreCase && !inner.ignoreCase ? "i" : ""}${flags.dotAll && !inner.dotAll ? "s" : ""}`;
        return `(?${on}${off === "" ? "" : `-${off}`}:${this.alternatives(node.alternatives, inner)})`;
      }
      case "CapturingGroup":
        return `(${this.alternatives(node.alternatives, flags)})`;
      case "Quantifier":
        return this.#element(node.element, flags) + node.raw.slice(node.element.raw.length);
      case "Assertion":
        return this.#assertion(node, flags);
      case "Backreference":
        throw this.#unsupported(`The back-reference ${node.raw}`);
      case "Character":
        return spellCharacter(node.value, "^$\\.*+?()[]{}|/", (each) => `\\${each}`);
      case "CharacterSet":
        if (node.kind === "any" && flags.dotAll) return ".";
        return SHORTHANDS.get(node.raw) ?? this.#set(node, flags);
      case "CharacterClass":
        return SHORTHANDS.get(node.raw) ?? this.#class(node) ?? this.#set(node, flags);
      default:
        return this.#set(node, flags);
    }
  }

  /** A class written as it stands, where it consists of characters, ranges and what Python has shorthands for. */
  #class(node: AST.CharacterClass): string | undefined {
    if (node.elements.length === 0) return undefined;
    const parts: string[] = [];
    let done = node.start;
    for (const element of node.elements) {
      this.#budget.spend();
      if (element.start < done) continue;
      const rest = node.raw.slice(element.start - node.start);
      const shorthand = CONTENTS.find(([contents]) => rest.startsWith(contents));
      if (shorthand !== undefined) {
        parts.push(`\\${shorthand[1]}`);
        done = element.start + shorthand[0].length;
      } else if (element.type === "Character") parts.push(inClass(element.value));
      else if (element.type === "CharacterClassRange") {
        parts.push(`${inClass(element.min.value)}-${inClass(element.max.value)}`);
      } else if (element.type === "CharacterClass" && SHORTHANDS.has(element.raw)) {
        parts.push(SHORTHANDS.get(element.raw) as string);
      } else return undefined;
    }
    return `[${node.negate ? "^" : ""}${parts.join("")}]`;
  }

  #assertion(node: AST.Assertion, flags: RegexFlags): string {
    switch (node.kind) {
      case "start":
        return flags.multiline ? String.raw`(?<![^\n\r\u2028\u2029])` : String.raw`\A`;
      case "end":
        return flags.multiline ? String.raw`(?![^\n\r\u2028\u2029])` : String.raw`\Z`;
      case "word":
        return node.negate ? String.raw`(?a:\B)` : String.raw`(?a:\b)`;
      case "lookahead":
        return `(?${node.negate ? "!" : "="}${this.alternatives(node.alternatives, flags)})`;
      case "lookbehind": {
        const sizes = node.alternatives.map((each) =>
          each.elements.reduce(
            ([low, high], element) => [low + lengths(element)[0], high + lengths(element)[1]],
            [0, 0],
          ),
        );
        if (sizes.some(([low, high]) => low !== high || low !== sizes[0][0])) {
          throw this.#unsupported(`The lookbehind ${node.raw}, which has no fixed length,`);
        }
        return `(?<${node.negate ? "!" : "="}${this.alternatives(node.alternatives, flags)})`;
      }
    }
  }

  #set(node: CharacterNode, flags: RegexFlags): string {
    const { characters, strings } = classContents(node, flags);
    if (strings.size > 0) throw this.#unsupported(`The class ${node.raw}, which has texts in it,`);
    this.#budget.spend(characters.ranges.length);
    return pythonClass(characters);
  }

  #unsupported(what: string): UnsupportedError {
    return new UnsupportedError({
      message: `${what} cannot be written in a pattern of Python's; the rule ${this.#rule} has it.`,
      place: `rule ${this.#rule}`,
    });
  }
}

/** A set of characters as a class of Python's. */
export function pythonClass(set: CodePointSet): string {
  if (set.isEmpty) return String.raw`[^\s\S]`;
  const { ranges, negated } = charactersOfSet(set);
  if (ranges.length === 0) return String.raw`[\s\S]`;
  const spelled = ranges.map(([low, high]) => {
    const [from, to] = [low, high].map(inClass);
    return low === high ? from : high === low + 1 ? from + to : `${from}-${to}`;
  });
  return `[${negated === true ? "^" : ""}${spelled.join("")}]`;
}

function inClass(codePoint: number): string {
  return isHidden(codePoint) && codePoint > 0xffff
    ? numbered(codePoint)
    : spellCharacter(codePoint, "\\[]^-/&~|", (each) => `\\${each}`);
}
