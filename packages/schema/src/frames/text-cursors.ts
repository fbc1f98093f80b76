import { EMPTY, type Result, type Term, type TermArena } from "@espalier/grammar";
import type { LabelSets } from "./label-sets.ts";

/** An interned position inside a scalar: in the decoded text of a string or key, or in the text of a number. 0 is dead. */
export type Cursor = number;

/** The result of a key that is none of the listed words; listed words give their word number, from 1. */
export const OTHER_KEY: Result = 0;

interface TermCursor {
  readonly kind: "terms";
  readonly labels: readonly number[];
  readonly terms: readonly Term[];
  readonly goal: readonly number[];
}

interface KeyCursor {
  readonly kind: "key";
  readonly words: WordList;
  /** The words that the text so far is a prefix of: `words.sorted[from .. to)`. */
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** What may follow of a key that is none of the words. */
  readonly other: Term;
  /** Keys of `other` that are used up, and those of them that the text so far is a prefix of. */
  readonly used: WordList;
  readonly usedFrom: number;
  readonly usedTo: number;
}

/** Words that may be keys next, sorted by their UTF-8 bytes. */
interface WordList {
  readonly id: number;
  readonly sorted: readonly { readonly word: string; readonly bytes: Uint8Array; readonly number: Result }[];
}

const encoder = new TextEncoder();

/**
 * Positions inside scalars, interned by content: a vector of labelled terms stepped together (dead ones drop out; the position
 * is dead when no goal is left), or a key that may be one of some words or something else.
 */
export class TextCursors {
  readonly #arena: TermArena;
  readonly #labelSets: LabelSets;
  readonly #cursors: (TermCursor | KeyCursor)[] = [undefined as unknown as TermCursor];
  readonly #ids = new Map<string, Cursor>();
  readonly #wordLists = new Map<string, WordList>();
  readonly #wordNumbers = new Map<string, Result>();
  readonly #words: string[] = [""];

  constructor(arena: TermArena, labelSets: LabelSets) {
    this.#arena = arena;
    this.#labelSets = labelSets;
  }

  /** A position before a scalar that must be in the language of a goal label. 0 when none can be. */
  ofTerms(labels: readonly number[], terms: readonly Term[], goal: readonly number[]): Cursor {
    const keptLabels: number[] = [];
    const keptTerms: Term[] = [];
    let possible = false;
    for (let i = 0; i < terms.length; i++) {
      if (terms[i] === EMPTY) continue;
      keptLabels.push(labels[i]);
      keptTerms.push(terms[i]);
      possible ||= goal.includes(labels[i]);
    }
    if (!possible) return 0;
    const keptGoal = goal.filter((label) => keptLabels.includes(label));
    const key = `t${keptLabels.join()};${keptTerms.join()};${keptGoal.join()}`;
    return this.#intern(key, { kind: "terms", labels: keptLabels, terms: keptTerms, goal: keptGoal });
  }

  /**
   * A position before a key that is one of `words`, or in the language `other`. 0 when there is neither.
   * @param used words that are no longer in `other`; it must have infinitely many others
   */
  ofKey(words: readonly string[], other: Term, used: readonly string[]): Cursor {
    const list = this.#wordList(words);
    const usedList = this.#wordList(used);
    return this.#ofKey({
      kind: "key",
      words: list,
      from: 0,
      to: list.sorted.length,
      depth: 0,
      other,
      used: usedList,
      usedFrom: 0,
      usedTo: usedList.sorted.length,
    });
  }

  wordOf(result: Result): string {
    return this.#words[result];
  }

  next(cursor: Cursor, byte: number): Cursor {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") {
      if (content.terms.length === 1) {
        const term = this.#arena.next(content.terms[0], byte);
        if (term === content.terms[0]) return cursor;
        return term === EMPTY ? 0 : this.ofTerms(content.labels, [term], content.goal);
      }
      return this.ofTerms(
        content.labels,
        content.terms.map((term) => this.#arena.next(term, byte)),
        content.goal,
      );
    }
    const { words, used, depth } = content;
    const [from, to] = narrowed(words, content.from, content.to, depth, byte);
    const [usedFrom, usedTo] = narrowed(used, content.usedFrom, content.usedTo, depth, byte);
    const other = content.other === EMPTY ? EMPTY : this.#arena.next(content.other, byte);
    const next: KeyCursor = { kind: "key", words, from, to, depth: depth + 1, other, used, usedFrom, usedTo };
    return this.#ofKey(this.#isUsedUp(next) ? { ...next, other: EMPTY } : next);
  }

  /** What the scalar tells when it ends here; -1 when it cannot. */
  result(cursor: Cursor): Result {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") {
      const holding = content.labels.filter((_, i) => this.#arena.isNullable(content.terms[i]));
      return holding.some((label) => content.goal.includes(label)) ? this.#labelSets.intern(holding) : -1;
    }
    const first = content.from < content.to ? content.words.sorted[content.from] : undefined;
    if (first !== undefined && first.bytes.length === content.depth) return first.number;
    if (content.other === EMPTY || !this.#arena.isNullable(content.other)) return -1;
    return this.#isUsed(content) ? -1 : OTHER_KEY;
  }

  /** A shortest text with which the scalar can end, as bytes. */
  shortest(cursor: Cursor): Uint8Array {
    const content = this.#cursors[cursor];
    let best: Uint8Array | undefined;
    if (content.kind === "terms") {
      content.labels.forEach((label, i) => {
        if (!content.goal.includes(label)) return;
        const text = this.#arena.shortest(content.terms[i]);
        if (text !== undefined && (best === undefined || text.length < best.length)) best = text;
      });
    } else {
      for (let i = content.from; i < content.to; i++) {
        const rest = content.words.sorted[i].bytes.subarray(content.depth);
        if (best === undefined || rest.length < best.length) best = rest;
      }
      const other = content.other === EMPTY ? undefined : this.#arena.shortest(this.#unused(content));
      if (other !== undefined && (best === undefined || other.length < best.length)) best = other;
    }
    return best!;
  }

  /** The same position with the counts of repetitions that no text of `byteCount` bytes can use up taken away. */
  representative(cursor: Cursor, saturate: (term: Term) => Term): Cursor {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") return this.ofTerms(content.labels, content.terms.map(saturate), content.goal);
    return this.#ofKey({ ...content, other: saturate(content.other) });
  }

  describe(cursor: Cursor): string {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") {
      return content.terms.map((term, i) => `${content.labels[i]}:${this.#arena.toString(term)}`).join(" ");
    }
    const words = content.words.sorted.slice(content.from, content.to).map((entry) => entry.word);
    return `${words.join("|")}${content.other === EMPTY ? "" : ` or ${this.#arena.toString(content.other)}`}`;
  }

  /** The used keys, as what is left of each after the text so far, taken out of the other keys. */
  #unused({ other, used, usedFrom, usedTo, depth }: KeyCursor): Term {
    const rests = used.sorted.slice(usedFrom, usedTo).map((entry) => entry.bytes.subarray(depth));
    return rests.length === 0 ? other : this.#arena.difference(other, this.#arena.words(rests));
  }

  /** Whether nothing is left of the other keys from here. More members than used keys settle it, which is the usual case. */
  #isUsedUp(content: KeyCursor): boolean {
    const count = content.usedTo - content.usedFrom;
    if (count === 0 || content.other === EMPTY || this.#arena.isAll(content.other)) return false;
    return this.#arena.cardinality(content.other, count + 1) <= count && this.#arena.isEmpty(this.#unused(content));
  }

  #isUsed({ used, usedFrom, usedTo, depth }: KeyCursor): boolean {
    return usedFrom < usedTo && used.sorted[usedFrom].bytes.length === depth;
  }

  #ofKey(content: KeyCursor): Cursor {
    const { words, from, to, depth, other, used, usedFrom, usedTo } = content;
    if (from === to && other === EMPTY) return 0;
    const wordKey = from === to ? "" : `${words.id},${from},${to}`;
    const usedKey = usedFrom === usedTo || other === EMPTY ? "" : `${used.id},${usedFrom},${usedTo}`;
    // Where no word is in reach any more, the depth says nothing, and positions of all schemas become one.
    const key = `k${wordKey};${usedKey};${wordKey === "" && usedKey === "" ? "" : depth};${other}`;
    return this.#intern(key, content);
  }

  #intern(key: string, content: TermCursor | KeyCursor): Cursor {
    let cursor = this.#ids.get(key);
    if (cursor === undefined) {
      cursor = this.#cursors.length;
      this.#cursors.push(content);
      this.#ids.set(key, cursor);
    }
    return cursor;
  }

  #wordList(words: readonly string[]): WordList {
    const key = JSON.stringify(words.toSorted());
    let list = this.#wordLists.get(key);
    if (list === undefined) {
      const sorted = words
        .map((word) => ({ word, bytes: encoder.encode(word), number: this.#wordNumber(word) }))
        .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
      list = { id: this.#wordLists.size, sorted };
      this.#wordLists.set(key, list);
    }
    return list;
  }

  #wordNumber(word: string): Result {
    let number = this.#wordNumbers.get(word);
    if (number === undefined) {
      number = this.#words.length;
      this.#words.push(word);
      this.#wordNumbers.set(word, number);
    }
    return number;
  }
}

/** The part of a range of words that goes on with `byte`. */
function narrowed(list: WordList, from: number, to: number, depth: number, byte: number): [from: number, to: number] {
  let first = from;
  let last = to;
  while (first < last && (list.sorted[first].bytes[depth] ?? -1) < byte) first++;
  while (first < last && (list.sorted[last - 1].bytes[depth] ?? -1) > byte) last--;
  return [first, last];
}
