import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { classContents, type RegexFlags } from "../../regex/character-class.ts";
import { CodePointSet } from "../../regex/code-point-set.ts";
import { scopedFlags } from "../../regex/pattern-traits.ts";

/** What about a pattern matters to a lexer, which does not hand the pattern a text of its own. */
export interface PatternAnalysis {
  /** Lookarounds, `^`, `$`, `\b`: they mean something else when the pattern is cut out of a longer one. */
  readonly asserts: boolean;
  /** A lazy repeat that could go on where it may end, so that the first match is not the longest. */
  readonly lazy: boolean;
  /** The first assertion that may look beyond the end of the match, as it stands in the pattern. */
  readonly looksBeyond: string | undefined;
  /** A lookahead at the end that wants something to follow, and so is never met by the text of the match alone. */
  readonly demandsBeyond: string | undefined;
  /** Offset in the pattern where its end, of repeats that take what they can, begins behind the last lazy repeat. */
  readonly greedyEnd: number;
}

interface First {
  readonly characters: CodePointSet;
  readonly nullable: boolean;
}

const NULLABLE: First = { characters: CodePointSet.empty, nullable: true };

/**
 * Looks at a pattern of ECMA-262 that parses.
 * @throws RegExpSyntaxError where it does not
 */
export function analysePattern(source: string, flags: string): PatternAnalysis {
  const parser = new RegExpParser({ ecmaVersion: 2025 });
  const unicodeSets = flags.includes("v");
  const pattern = parser.parsePattern(source, 0, source.length, { unicode: !unicodeSets, unicodeSets });
  return new Analysis(pattern, {
    ignoreCase: flags.includes("i"),
    multiline: flags.includes("m"),
    dotAll: flags.includes("s"),
    unicode: !unicodeSets,
    unicodeSets,
  }).result();
}

class Analysis {
  readonly #pattern: AST.Pattern;
  #flags: RegexFlags;
  #asserts = false;
  #looksBeyond: string | undefined;
  #demandsBeyond: string | undefined;
  readonly #lazy: AST.Quantifier[] = [];

  constructor(pattern: AST.Pattern, flags: RegexFlags) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  result(): PatternAnalysis {
    this.#alternatives(this.#pattern.alternatives, NULLABLE, 0, 0);
    return {
      asserts: this.#asserts,
      lazy: this.#lazy.length > 0,
      looksBeyond: this.#looksBeyond,
      demandsBeyond: this.#demandsBeyond,
      greedyEnd: this.#greedyEnd(),
    };
  }

  /** Visits nodes with what may follow them: its first characters, its least and greatest length. */
  #alternatives(alternatives: readonly AST.Alternative[], follow: First, least: number, most: number): void {
    for (const { elements } of alternatives) {
      let after = follow;
      let leastAfter = least;
      let mostAfter = most;
      for (let i = elements.length - 1; i >= 0; i--) {
        const element = elements[i];
        this.#element(element, after, leastAfter, mostAfter);
        after = followedBy(this.#first(element), after);
        const [shortest, longest] = lengths(element);
        leastAfter += shortest;
        mostAfter += longest;
      }
    }
  }

  #element(node: AST.Element, follow: First, least: number, most: number): void {
    switch (node.type) {
      case "Group":
      case "CapturingGroup":
        this.#within(node, () => this.#alternatives(node.alternatives, follow, least, most));
        break;
      case "Quantifier": {
        const first = this.#first(node.element);
        if (!node.greedy && node.min !== node.max) {
          if (follow.nullable || !first.characters.intersect(follow.characters).isEmpty) this.#lazy.push(node);
        }
        const again: First = {
          characters: CodePointSet.union([first.characters, follow.characters]),
          nullable: follow.nullable,
        };
        this.#element(node.element, node.max > 1 ? again : follow, least, node.max > 1 ? Infinity : most);
        break;
      }
      case "Assertion":
        this.#asserts = true;
        this.#assertion(node, least, most);
        break;
      default:
    }
  }

  /** Runs with the flags of a group. */
  #within<T>(node: AST.Group | AST.CapturingGroup, run: () => T): T {
    const outer = this.#flags;
    if (node.type === "Group") this.#flags = scopedFlags(node, outer);
    const result = run();
    this.#flags = outer;
    return result;
  }

  #assertion(node: AST.Assertion, least: number, most: number): void {
    if (node.kind === "lookbehind" || node.kind === "start") return;
    if (node.kind !== "lookahead") {
      if (least === 0) this.#looksBeyond ??= node.raw;
      return;
    }
    const seen = node.alternatives.map((each) => sumOf(each.elements));
    if (seen.some(([, longest]) => longest > least)) this.#looksBeyond ??= node.raw;
    if (!node.negate && most === 0 && seen.every(([shortest]) => shortest > 0)) this.#demandsBeyond ??= node.raw;
  }

  #first(node: AST.Element | AST.QuantifiableElement): First {
    switch (node.type) {
      case "Group":
      case "CapturingGroup": {
        const firsts = this.#within(node, () =>
          node.alternatives.map((each) =>
            each.elements.reduceRight<First>((after, element) => followedBy(this.#first(element), after), NULLABLE),
          ),
        );
        return {
          characters: CodePointSet.union(firsts.map((each) => each.characters)),
          nullable: firsts.some((each) => each.nullable),
        };
      }
      case "Quantifier": {
        const first = this.#first(node.element);
        return node.min === 0 ? { characters: first.characters, nullable: true } : first;
      }
      case "Assertion":
      case "Backreference":
        return NULLABLE;
      default:
        return { characters: classContents(node, this.#flags).characters, nullable: false };
    }
  }

  /** Of one alternative only: behind the last lazy element, where variable lengths begin and go on to the end. */
  #greedyEnd(): number {
    const end = this.#pattern.end;
    if (this.#lazy.length === 0 || this.#pattern.alternatives.length > 1) return end;
    const { elements } = this.#pattern.alternatives[0];
    const lastLazy = Math.max(...this.#lazy.map((each) => each.start));
    const index = elements.findIndex((each) => each.start <= lastLazy && lastLazy < each.end);
    let from = elements.length;
    while (from - 1 > index && isVariable(elements[from - 1])) from--;
    return from === elements.length ? end : elements[from].start;
  }
}

function isVariable(node: AST.Element): boolean {
  const [shortest, longest] = lengths(node);
  return shortest !== longest;
}

function followedBy(first: First, after: First): First {
  if (!first.nullable) return first;
  return { characters: CodePointSet.union([first.characters, after.characters]), nullable: after.nullable };
}

function sumOf(elements: readonly AST.Element[]): [number, number] {
  let shortest = 0;
  let longest = 0;
  for (const element of elements) {
    const [low, high] = lengths(element);
    shortest += low;
    longest += high;
  }
  return [shortest, longest];
}

/** The least and the greatest number of characters that a part of a pattern matches. */
export function lengths(node: AST.Element | AST.QuantifiableElement): [number, number] {
  switch (node.type) {
    case "Group":
    case "CapturingGroup": {
      const sums = node.alternatives.map((each) => sumOf(each.elements));
      return [Math.min(...sums.map(([low]) => low)), Math.max(...sums.map(([, high]) => high))];
    }
    case "Quantifier": {
      const [low, high] = lengths(node.element);
      return [low * node.min, high === 0 || node.max === 0 ? 0 : high * node.max];
    }
    case "Assertion":
    case "Backreference":
      return [0, 0];
    default:
      return [1, 1];
  }
}
