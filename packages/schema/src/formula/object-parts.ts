import { EMPTY } from "@espalier/grammar";
import { ANYTHING, NOTHING, type KeyRule, type MemberExists, type ValueId } from "./formula.ts";

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
  readonly #words = new PartTable<ReadonlyMap<string, ValueId>>();
  readonly #rules = new PartTable<readonly KeyRule[]>();
  readonly #required = new PartTable<ReadonlySet<string>>();
  readonly #exists = new PartTable<readonly MemberExists[]>();

  words(words: ReadonlyMap<string, ValueId>): Part<ReadonlyMap<string, ValueId>> {
    const known = this.#words.known(words);
    if (known !== undefined) return known;
    let key = "";
    for (const [word, value] of words) key += `${word.length}:${word}${value},`;
    return this.#words.of(key, () => new Map(words));
  }

  /** Rules that say something, each once, in an order of their own. */
  rules(rules: readonly KeyRule[]): Part<readonly KeyRule[]> {
    const known = this.#rules.known(rules);
    if (known !== undefined) return known;
    const byKey = new Map<string, KeyRule>();
    for (const rule of rules) {
      if (rule.value !== ANYTHING && rule.keys !== EMPTY) byKey.set(keyOf(rule), rule);
    }
    const sorted = [...byKey.values()].sort(inOrder);
    return this.#rules.of(textOf(sorted), () => sorted);
  }

  required(required: Iterable<string>): Part<ReadonlySet<string>> {
    const known = required instanceof Set ? this.#required.known(required) : undefined;
    if (known !== undefined) return known;
    const sorted = [...new Set(required)].sort();
    return this.#required.of(sorted.map((word) => `${word.length}:${word}`).join(""), () => new Set(sorted));
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

function inOrder(a: KeyRule, b: KeyRule): number {
  return a.keys - b.keys || a.value - b.value || (a.dual ?? 0) - (b.dual ?? 0);
}

function keyOf({ keys, value, dual }: KeyRule): string {
  return dual === undefined ? `${keys}:${value}` : `${keys}:${value}:${dual}`;
}

function textOf(atoms: readonly KeyRule[]): string {
  return atoms.map(keyOf).join();
}
