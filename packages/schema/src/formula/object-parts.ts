import { EMPTY, sorted, type Steps, type TermArena } from "@espalier/grammar";
import { ANYTHING, NOTHING, type KeyRule, type MemberExists, type ValueId } from "./formula.ts";

/** Words of which no more than these are gone through in one step. */
const WORDS_AT_A_TIME = 256;

/** A part of a conjunction that equal conjunctions share, with the number that stands for it in keys. */
interface Part<Content> {
  readonly id: number;
  readonly content: Content;
}

/** Parts by content. A part that is given again is known without being read. */
class PartTable<Content extends object> {
  readonly #byKey = new Map<string, Part<Content>>();
  readonly #byContent = new WeakMap<Content, Part<Content>>();

  known(content: Content): Part<Content> | undefined {
    return this.#byContent.get(content);
  }

  /** @param copy makes the content that is kept: nobody else may change it */
  of(key: string, copy: () => Content): Part<Content> {
    let part = this.#byKey.get(key);
    if (part === undefined) {
      part = { id: this.#byKey.size, content: copy() };
      this.#byKey.set(key, part);
      this.#byContent.set(part.content, part);
    }
    return part;
  }
}

/** The words, rules, required keys and demanded members of conjunctions of objects, each list interned by content. */
export class ObjectParts {
  readonly #arena: TermArena;
  readonly #words = new PartTable<ReadonlyMap<string, ValueId>>();
  readonly #rules = new PartTable<readonly KeyRule[]>();
  readonly #required = new PartTable<ReadonlySet<string>>();
  readonly #exists = new PartTable<readonly MemberExists[]>();

  constructor(arena: TermArena) {
    this.#arena = arena;
  }

  words(words: ReadonlyMap<string, ValueId>): Part<ReadonlyMap<string, ValueId>> {
    const known = this.#words.known(words);
    if (known !== undefined) return known;
    if (words.size > WORDS_AT_A_TIME) return this.#arena.run(words, () => this.#manyWords(words));
    let key = "";
    for (const [word, value] of words) key += `${word.length}:${word}${value},`;
    return this.#words.of(key, () => new Map(words));
  }

  *#manyWords(words: ReadonlyMap<string, ValueId>): Steps<Part<ReadonlyMap<string, ValueId>>> {
    let key = "";
    const copy = new Map<string, ValueId>();
    for (const [word, value] of words) {
      if (copy.size % WORDS_AT_A_TIME === 0) yield;
      key += `${word.length}:${word}${value},`;
      copy.set(word, value);
    }
    return this.#words.of(key, () => copy);
  }

  /** Rules that say something, each once, in an order of their own. */
  rules(rules: readonly KeyRule[]): Part<readonly KeyRule[]> {
    const known = this.#rules.known(rules);
    if (known !== undefined) return known;
    const byKey = new Map<string, KeyRule>();
    for (const rule of rules) {
      if (rule.value !== ANYTHING && rule.keys !== EMPTY) byKey.set(keyOf(rule), rule);
    }
    const kept = [...byKey.values()].sort(inOrder);
    return this.#rules.of(textOf(kept), () => kept);
  }

  required(required: Iterable<string>): Part<ReadonlySet<string>> {
    const known = required instanceof Set ? this.#required.known(required) : undefined;
    if (known !== undefined) return known;
    if (sizeOf(required) > WORDS_AT_A_TIME) return this.#arena.run(required, () => this.#manyRequired(required));
    const words = [...new Set(required)].sort();
    return this.#required.of(words.map((word) => `${word.length}:${word}`).join(""), () => new Set(words));
  }

  *#manyRequired(required: Iterable<string>): Steps<Part<ReadonlySet<string>>> {
    const words = yield* sorted([...new Set(required)], (a, b) => (a < b ? -1 : a > b ? 1 : 0));
    let key = "";
    const copy = new Set<string>();
    for (const word of words) {
      if (copy.size % WORDS_AT_A_TIME === 0) yield;
      key += `${word.length}:${word}`;
      copy.add(word);
    }
    return this.#required.of(key, () => copy);
  }

  /** Demanded members, each once; undefined when one of them cannot be. */
  exists(exists: readonly MemberExists[]): Part<readonly MemberExists[]> | undefined {
    const known = this.#exists.known(exists);
    if (known !== undefined) return known;
    const kept: MemberExists[] = [];
    for (const atom of exists) {
      if (atom.value === NOTHING || (atom.keys === EMPTY && atom.dual === undefined)) return undefined;
      if (!kept.some((other) => inOrder(other, atom) === 0)) kept.push(atom);
    }
    return this.#exists.of(textOf(kept.toSorted(inOrder)), () => kept);
  }
}

function sizeOf(words: Iterable<string>): number {
  if (words instanceof Set) return words.size;
  return Array.isArray(words) ? words.length : 0;
}

function inOrder(a: KeyRule, b: KeyRule): number {
  return a.keys - b.keys || a.value - b.value || (a.dual ?? 0) - (b.dual ?? 0);
}

function keyOf({ keys, value, dual }: KeyRule): string {
  return dual === undefined ? `${keys}:${value}` : `${keys}:${value}:${dual}`;
}

function textOf(atoms: readonly KeyRule[]): string {
  return atoms.map(keyOf).join();
}
