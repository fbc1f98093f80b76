import type { AST } from "@eslint-community/regexpp";
import { classContents, type RegexFlags } from "./character-class.ts";
import { CodePointSet } from "./code-point-set.ts";

type ParentNode = AST.Pattern | AST.Group | AST.CapturingGroup | AST.LookaroundAssertion;

const SURROGATES = CodePointSet.of([[0xd800, 0xdfff]]);

/** What must be known of the parts of a pattern before it is lowered. */
export class PatternTraits {
  readonly #asserting: Set<AST.Node> = new Set();
  /** Whether an assertion can tell a position between two surrogates from others: `\B` and lookarounds. */
  #looksBetweenUnits = false;
  #partialUnits = false;
  #unitLoopsOnce = 0;
  readonly #flags: RegexFlags;

  constructor(pattern: AST.Pattern, flags: RegexFlags) {
    this.#flags = flags;
    this.#visitAlternatives(pattern, flags, false);
  }

  /** Whether an assertion is part of the node. */
  hasAssertion(node: AST.Node): boolean {
    return this.#asserting.has(node);
  }

  /**
   * Whether a pattern without u and v has to be matched by UTF-16 code units to get characters beyond U+FFFF right.
   *
   * It has not when nothing matches a surrogate but loops `X*` over classes with all surrogates, and at most one such `X+` outside
   * loops, and no `\B` or lookaround is there to look between two surrogates: any match can then be shifted such that no pair is split.
   */
  get needsCodeUnits(): boolean {
    if (this.#flags.unicode || this.#flags.unicodeSets) return false;
    return this.#looksBetweenUnits || this.#partialUnits || this.#unitLoopsOnce > 1;
  }

  #visitAlternatives(node: ParentNode, flags: RegexFlags, inLoop: boolean): boolean {
    let asserting = false;
    for (const alternative of node.alternatives) {
      for (const element of alternative.elements) asserting = this.#visit(element, flags, inLoop) || asserting;
    }
    if (asserting) this.#asserting.add(node);
    return asserting;
  }

  #visit(node: AST.Element, flags: RegexFlags, inLoop: boolean): boolean {
    switch (node.type) {
      case "Group":
      case "CapturingGroup":
        return this.#visitAlternatives(node, node.type === "Group" ? scopedFlags(node, flags) : flags, inLoop);
      case "Quantifier":
        if (this.#visitUnitLoop(node, flags, inLoop)) return false;
        if (!this.#visit(node.element, flags, inLoop || node.max > 1)) return false;
        this.#asserting.add(node);
        return true;
      case "Assertion":
        if (node.kind === "lookahead" || node.kind === "lookbehind") {
          this.#looksBetweenUnits = true;
          this.#visitAlternatives(node, flags, inLoop);
        } else if (node.kind === "word" && node.negate) {
          this.#looksBetweenUnits = true;
        }
        this.#asserting.add(node);
        return true;
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass":
        if (!flags.unicode && !flags.unicodeSets && !this.#partialUnits) {
          this.#partialUnits = !classContents(node, flags).characters.intersect(SURROGATES).isEmpty;
        }
    }
    return false;
  }

  /** Whether the node is a loop over a class with all surrogates, which is counted apart. */
  #visitUnitLoop(node: AST.Quantifier, flags: RegexFlags, inLoop: boolean): boolean {
    if (flags.unicode || flags.unicodeSets || node.max !== Infinity || node.min > 1) return false;
    if (node.element.type !== "CharacterSet" && node.element.type !== "CharacterClass") return false;
    const { characters } = classContents(node.element, flags);
    if (!SURROGATES.subtract(characters).isEmpty) return false;
    if (node.min === 1) this.#unitLoopsOnce += inLoop ? 2 : 1;
    return true;
  }
}

/** The flags inside a group with modifiers, `(?i-s:…)`. */
export function scopedFlags(node: AST.Group, flags: RegexFlags): RegexFlags {
  if (node.modifiers === null) return flags;
  const { add, remove } = node.modifiers;
  return {
    ...flags,
    ignoreCase: (flags.ignoreCase || add.ignoreCase) && remove?.ignoreCase !== true,
    multiline: (flags.multiline || add.multiline) && remove?.multiline !== true,
    dotAll: (flags.dotAll || add.dotAll) && remove?.dotAll !== true,
  };
}
