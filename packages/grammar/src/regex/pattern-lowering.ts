import type { AST } from "@eslint-community/regexpp";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import type { Alphabet } from "./alphabet.ts";
import { AssertionTable } from "./assertion-table.ts";
import {
  type CharacterNode,
  type ClassContents,
  classContents,
  largestCharacter,
  LINE_TERMINATORS,
  type RegexFlags,
  wordCharacters,
} from "./character-class.ts";
import type { CodePointSet } from "./code-point-set.ts";
import { type PatternTraits, scopedFlags } from "./pattern-traits.ts";
import type { TermArena } from "./term-arena.ts";
import { EPSILON, type Term } from "./term.ts";

/**
 * Turns a parsed pattern into a term that speaks of the whole text to come, with markers where the past, or an assertion inside
 * a loop, has a say; AssertionMachine decides those.
 *
 * Nodes without assertions are lowered by themselves ({@link #direct}). Those with assertions are lowered together with what follows
 * them, their *continuation* up to the end of the text ({@link #before}): `(?=A)` before K is `K ∩ A·any`, `$` before K is
 * `K ∩ ε`. Alternatives share one continuation, which is a number, so nothing is copied. A loop has no continuation to intersect
 * with, as it comes before itself; assertions in it become markers.
 */
export class PatternLowering {
  readonly #arena: TermArena;
  readonly #alphabet: Alphabet;
  readonly #traits: PatternTraits;
  readonly #table: AssertionTable;
  #flags: RegexFlags;
  #inLookbehind = false;
  readonly #known: Map<string, Term> = new Map();
  readonly #words: Map<readonly AST.Alternative[], readonly string[] | undefined> = new Map();

  constructor(arena: TermArena, alphabet: Alphabet, traits: PatternTraits, flags: RegexFlags) {
    this.#arena = arena;
    this.#alphabet = alphabet;
    this.#traits = traits;
    this.#table = AssertionTable.of(arena);
    this.#flags = flags;
  }

  /** The pattern's language followed by `continuation`. */
  lower(pattern: AST.Pattern, continuation: Term): Term {
    return this.#alternativesBefore(pattern, continuation);
  }

  #alternativesBefore(node: { readonly alternatives: AST.Alternative[] } & AST.Node, continuation: Term): Term {
    if (!this.#traits.hasAssertion(node)) return this.#arena.concat(this.#alternatives(node), continuation);
    return this.#arena.unionAll(
      node.alternatives.map((alternative) => {
        let term = continuation;
        for (let i = alternative.elements.length - 1; i >= 0; i--) term = this.#before(alternative.elements[i], term);
        return term;
      }),
    );
  }

  /** An element and what follows it. */
  #before(node: AST.Element, continuation: Term): Term {
    const arena = this.#arena;
    arena.spend();
    if (!this.#traits.hasAssertion(node)) return arena.concat(this.#direct(node), continuation);
    switch (node.type) {
      case "Group":
        return this.#withFlags(scopedFlags(node, this.#flags), () => this.#alternativesBefore(node, continuation));
      case "CapturingGroup":
        return this.#alternativesBefore(node, continuation);
      case "Quantifier":
        if (node.max === 0) return continuation;
        if (node.max > 1) return arena.concat(this.#direct(node), continuation);
        return node.min === 1
          ? this.#before(node.element, continuation)
          : arena.union(continuation, this.#before(node.element, continuation));
      case "Assertion":
        return this.#assertionBefore(node, continuation);
    }
    throw new Error(`A ${node.type} is no assertion.`);
  }

  #assertionBefore(node: AST.Assertion, continuation: Term): Term {
    const arena = this.#arena;
    switch (node.kind) {
      case "start":
        return arena.concat(this.#atStart(), continuation);
      case "lookbehind":
        return arena.concat(this.#lookbehind(node), continuation);
      case "end":
        this.#refuseInLookbehind(node, true);
        return arena.intersect(continuation, this.#toEnd());
      case "lookahead":
        this.#refuseInLookbehind(node, true);
        return arena.intersect(continuation, this.#lookahead(node));
      case "word": {
        // Inside a lookbehind the continuation ends at the position looked from; what comes after is out of sight.
        this.#refuseInLookbehind(node, arena.minLength(continuation) === 0);
        return this.#wordBoundary(node, (next) => arena.intersect(continuation, next));
      }
    }
  }

  // Nodes by themselves.

  #alternatives(node: { readonly alternatives: readonly AST.Alternative[] }): Term {
    const words = this.#asWords(node.alternatives);
    if (words !== undefined) return this.#arena.words(words);
    return this.#arena.unionAll(
      node.alternatives.map((alternative) =>
        this.#arena.concatAll(alternative.elements.map((element) => this.#direct(element))),
      ),
    );
  }

  /** Alternatives of plain characters, whose minimal automaton is built at once; the same list each time. */
  #asWords(alternatives: readonly AST.Alternative[]): readonly string[] | undefined {
    if (alternatives.length < 4 || this.#flags.ignoreCase) return undefined;
    if (!this.#words.has(alternatives)) this.#words.set(alternatives, this.#plainWords(alternatives));
    return this.#words.get(alternatives);
  }

  #plainWords(alternatives: readonly AST.Alternative[]): readonly string[] | undefined {
    const words: string[] = [];
    for (const { elements } of alternatives) {
      let word = "";
      for (const element of elements) {
        if (element.type !== "Character" || (element.value >= 0xd800 && element.value <= 0xdfff)) return undefined;
        word += String.fromCodePoint(element.value);
      }
      words.push(word);
    }
    return words;
  }

  #direct(node: AST.Element): Term {
    const arena = this.#arena;
    arena.spend();
    switch (node.type) {
      case "Group":
        return this.#withFlags(scopedFlags(node, this.#flags), () => this.#alternatives(node));
      case "CapturingGroup":
        return this.#alternatives(node);
      case "Quantifier":
        return node.max === 0 ? EPSILON : arena.repeat(this.#direct(node.element), node.min, node.max);
      case "Assertion":
        return this.#assertion(node);
      case "Backreference":
        throw new UnsupportedError({
          message: `The back-reference ${node.raw} at offset ${node.start} is not supported: what it matches is not a regular language.`,
          place: `offset ${node.start}`,
        });
      default:
        return this.#class(node);
    }
  }

  #class(node: CharacterNode): Term {
    if (node.type === "Character" && !this.#flags.ignoreCase) return this.#character(node.value);
    const key = `${node.raw} ${this.#flags.ignoreCase} ${this.#flags.dotAll}`;
    let term = this.#known.get(key);
    if (term === undefined) {
      term = this.#contents(classContents(node, this.#flags));
      this.#known.set(key, term);
    }
    return term;
  }

  #character(value: number): Term {
    if (value < 0x80) return this.#arena.byteRange(value, value);
    const key = `character ${value}`;
    let term = this.#known.get(key);
    if (term === undefined) {
      term = this.#contents(classContents({ type: "Character", value } as AST.Character, this.#flags));
      this.#known.set(key, term);
    }
    return term;
  }

  #contents({ characters, strings }: ClassContents): Term {
    const choices = [this.#one(characters)];
    for (const sets of strings.values()) choices.push(this.#arena.concatAll(sets.map((set) => this.#one(set))));
    return this.#arena.unionAll(choices);
  }

  #one(set: CodePointSet): Term {
    return this.#alphabet.one(set);
  }

  /** An assertion by itself: a marker. */
  #assertion(node: AST.Assertion): Term {
    switch (node.kind) {
      case "start":
        return this.#atStart();
      case "lookbehind":
        return this.#lookbehind(node);
      case "end":
        this.#refuseInLookbehind(node, true);
        return this.#marker("future", this.#toEnd());
      case "lookahead":
        this.#refuseInLookbehind(node, true);
        return this.#marker("future", this.#lookahead(node));
      case "word":
        this.#refuseInLookbehind(node, true);
        return this.#wordBoundary(node, (next) => this.#marker("future", next));
    }
  }

  // What assertions speak of.

  #marker(time: "past" | "future", language: Term, negate = false): Term {
    return this.#arena.marker(this.#table.intern(time, language, negate).id);
  }

  #atStart(): Term {
    const arena = this.#arena;
    if (!this.#flags.multiline) return this.#marker("past", EPSILON);
    const afterLine = arena.concat(this.#alphabet.any, this.#one(LINE_TERMINATORS));
    return this.#marker("past", arena.union(EPSILON, afterLine));
  }

  /** What follows a position where `$` holds. */
  #toEnd(): Term {
    const arena = this.#arena;
    if (!this.#flags.multiline) return EPSILON;
    return arena.union(EPSILON, arena.concat(this.#one(LINE_TERMINATORS), this.#alphabet.any));
  }

  /** What follows a position where the lookahead holds. */
  #lookahead(node: AST.LookaheadAssertion): Term {
    const members = this.#alternativesBefore(node, this.#alphabet.any);
    return node.negate ? this.#arena.complement(members) : members;
  }

  #lookbehind(node: AST.LookbehindAssertion): Term {
    const outside = this.#inLookbehind;
    this.#inLookbehind = true;
    try {
      const members = this.#alternativesBefore(node, EPSILON);
      return this.#marker("past", this.#arena.concat(this.#alphabet.any, members), node.negate);
    } finally {
      this.#inLookbehind = outside;
    }
  }

  /** `\b` or `\B`: both sides differ, or both agree; `followedBy` makes of what must follow the right half. */
  #wordBoundary(node: AST.WordBoundaryAssertion, followedBy: (next: Term) => Term): Term {
    const arena = this.#arena;
    const { any } = this.#alphabet;
    const word = wordCharacters(this.#flags);
    const afterWord = arena.concat(any, this.#one(word));
    const beforeWord = arena.concat(this.#one(word), any);
    const other = this.#one(word.complement(largestCharacter(this.#flags)));
    const beforeOther = arena.union(EPSILON, arena.concat(other, any));
    return arena.union(
      arena.concat(this.#marker("past", afterWord), followedBy(node.negate ? beforeWord : beforeOther)),
      arena.concat(this.#marker("past", afterWord, true), followedBy(node.negate ? beforeOther : beforeWord)),
    );
  }

  #refuseInLookbehind(node: AST.Assertion, refuse: boolean): void {
    if (!this.#inLookbehind || !refuse) return;
    throw new UnsupportedError({
      message: `The assertion ${node.raw} at offset ${node.start} looks ahead from inside a lookbehind, which is not supported.`,
      place: `offset ${node.start}`,
      hint: "Move it out of the lookbehind.",
    });
  }

  #withFlags(flags: RegexFlags, lower: () => Term): Term {
    const outside = this.#flags;
    this.#flags = flags;
    try {
      return lower();
    } finally {
      this.#flags = outside;
    }
  }
}
