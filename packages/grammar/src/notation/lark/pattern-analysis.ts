import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { classContents, type RegexFlags } from "../../regex/character-class.ts";
import { CodePointSet } from "../../regex/code-point-set.ts";
import { scopedFlags } from "../../regex/pattern-traits.ts";
import { boundaryAsWritten } from "./python-regex.ts";

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
  /** The first assertion that may look at what stands before the match. */
  readonly looksBefore: string | undefined;
  /** A lookbehind at the beginning that wants something to stand before. */
  readonly demandsBefore: string | undefined;
  /** Offset in the pattern where its end, of repeats that take what they can, begins behind the last lazy repeat. */
  readonly greedyEnd: number;
}

/** The least and the greatest number of characters. */
type Lengths = readonly [least: number, most: number];

const NOTHING: Lengths = [0, 0];

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
  #looksBefore: string | undefined;
  #demandsBefore: string | undefined;
  readonly #lazy: AST.Quantifier[] = [];

  constructor(pattern: AST.Pattern, flags: RegexFlags) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  result(): PatternAnalysis {
    this.#alternatives(this.#pattern.alternatives, NULLABLE, NOTHING, NOTHING);
    return {
      asserts: this.#asserts,
      lazy: this.#lazy.length > 0,
      looksBeyond: this.#looksBeyond,
      demandsBeyond: this.#demandsBeyond,
      looksBefore: this.#looksBefore,
      demandsBefore: this.#demandsBefore,
      greedyEnd: this.#greedyEnd(),
    };
  }

  /** Visits nodes with what may follow them: its first characters and its lengths; and with the lengths of what stands before. */
  #alternatives(alternatives: readonly AST.Alternative[], follow: First, behind: Lengths, before: Lengths): void {
    for (const { elements } of alternatives) {
      const befores = [before];
      for (const element of elements) befores.push(added(befores[befores.length - 1], lengths(element)));
      let after = follow;
      let rest = behind;
      for (let i = elements.length - 1; i >= 0; i--) {
        const element = elements[i];
        this.#element(element, after, rest, befores[i]);
        after = followedBy(this.#first(element), after);
        rest = added(rest, lengths(element));
      }
    }
  }

  #element(node: AST.Element, follow: First, behind: Lengths, before: Lengths): void {
    switch (node.type) {
      case "Group":
      case "CapturingGroup":
        this.#within(node, () => this.#group(node, follow, behind, before));
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
        const often = node.max > 1;
        this.#element(
          node.element,
          often ? again : follow,
          often ? [behind[0], Infinity] : behind,
          often ? [before[0], Infinity] : before,
        );
        break;
      }
      case "Assertion":
        this.#asserts = true;
        this.#assertion(node, behind, before);
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

  /** A group of assertions demands something only where all of its alternatives do: `\b` is one of two. */
  #group(group: AST.Group | AST.CapturingGroup, follow: First, behind: Lengths, before: Lengths): void {
    const { alternatives } = group;
    const isAssertion = alternatives.every(({ elements }) => elements.every(({ type }) => type === "Assertion"));
    if (!isAssertion) return this.#alternatives(alternatives, follow, behind, before);
    const [beyond, demandedBefore] = [this.#demandsBeyond, this.#demandsBefore];
    const [seenBeyond, seenBefore] = [this.#looksBeyond, this.#looksBefore];
    const canHold = alternatives.map((alternative) => {
      this.#demandsBeyond = this.#demandsBefore = undefined;
      this.#alternatives([alternative], follow, behind, before);
      return this.#demandsBeyond === undefined && this.#demandsBefore === undefined;
    });
    const written = boundaryAsWritten(group.raw);
    if (written !== undefined && this.#looksBeyond !== undefined) this.#looksBeyond = seenBeyond ?? written;
    if (written !== undefined && this.#looksBefore !== undefined) this.#looksBefore = seenBefore ?? written;
    if (!canHold.includes(true)) return;
    this.#demandsBeyond = beyond;
    this.#demandsBefore = demandedBefore;
  }

  #assertion(node: AST.Assertion, behind: Lengths, before: Lengths): void {
    if (node.kind === "start" || node.kind === "word") {
      if (before[0] === 0) this.#looksBefore ??= node.raw;
    }
    if (node.kind === "end" || node.kind === "word") {
      if (behind[0] === 0) this.#looksBeyond ??= node.raw;
    }
    if (node.kind !== "lookahead" && node.kind !== "lookbehind") return;
    const seen = node.alternatives.map((each) => sumOf(each.elements));
    const [least, most] = node.kind === "lookahead" ? behind : before;
    const looks = seen.some(([, longest]) => longest > least);
    const demands = !node.negate && most === 0 && seen.every(([shortest]) => shortest > 0);
    if (node.kind === "lookahead") {
      if (looks) this.#looksBeyond ??= node.raw;
      if (demands) this.#demandsBeyond ??= node.raw;
    } else {
      if (looks) this.#looksBefore ??= node.raw;
      if (demands) this.#demandsBefore ??= node.raw;
    }
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

function added(a: Lengths, b: Lengths): Lengths {
  return [a[0] + b[0], a[1] + b[1]];
}

function sumOf(elements: readonly AST.Element[]): Lengths {
  return elements.reduce<Lengths>((sum, element) => added(sum, lengths(element)), NOTHING);
}

/** The least and the greatest number of characters that a part of a pattern matches. */
export function lengths(node: AST.Element | AST.QuantifiableElement): Lengths {
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
