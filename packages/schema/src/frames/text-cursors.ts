import {
  EMPTY,
  greatestLength,
  IntTripleTable,
  type CountedFrame,
  type KeyedFrame,
  type Result,
  type Term,
  type TermArena,
} from "@espalier/grammar";
import { KeyLists, type KeyList } from "./key-lists.ts";
import type { LabelSets } from "./label-sets.ts";
import { OtherKeysTable, type OtherKeys, type OtherRegion } from "./other-keys.ts";
import { shortestUnused } from "./shortest-unused.ts";

/** An interned position inside a scalar: in the decoded text of a string or key, or in the text of a number. 0 is dead. */
export type Cursor = number;

/** The result of a key of the first kind that is none of the listed words; listed words and other kinds give numbers from 1. */
export const OTHER_KEY: Result = 0;

/** Lists of bytes with which keys go on, as far as signatures have room for them. */
const LISTS = 2 ** 14;

interface TermCursor {
  readonly kind: "terms";
  readonly labels: readonly number[];
  readonly terms: readonly Term[];
  readonly goal: readonly number[];
}

interface KeyCursor {
  readonly kind: "key";
  /** The words that the text so far is a prefix of. */
  readonly words: KeyList;
  readonly depth: number;
  /** What may follow of a key that is none of the words. */
  readonly other: OtherKeys;
  /** Keys that are not open as members of `other` and that the text so far is a prefix of. */
  readonly used: KeyList;
}

/**
 * Positions inside scalars, interned by content: a vector of labelled terms stepped together (dead ones drop out; the position
 * is dead when no goal is left), or a key that may be one of some words or something else.
 */
export class TextCursors {
  readonly #arena: TermArena;
  readonly #labelSets: LabelSets;
  readonly #cursors: (TermCursor | KeyCursor)[] = [undefined as unknown as TermCursor];
  /** Of several terms. */
  readonly #vectors = new Map<string, Cursor>();
  /** Of one term, its label the goal: (label, term). */
  readonly #single = new IntTripleTable();
  readonly #singleCursors: Cursor[] = [0];
  /** Of keys: (words, used, depth), then (that, other). */
  readonly #keyPlaces = new IntTripleTable();
  readonly #keys = new IntTripleTable();
  readonly #keyCursors: Cursor[] = [0];
  readonly #keyLists = new KeyLists();
  readonly #otherKeys = new OtherKeysTable();
  /** By region, and back. */
  readonly #regionResults: Result[] = [OTHER_KEY];
  readonly #regions = new Map<Result, number>([[OTHER_KEY, 0]]);
  readonly #characters = new Map<Term, boolean>();

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
    if (keptTerms.length === 1) return this.#ofTerm(keptLabels, keptTerms[0], keptGoal);
    const key = `${keptLabels.join()};${keptTerms.join()};${keptGoal.join()}`;
    let cursor = this.#vectors.get(key);
    if (cursor === undefined) {
      cursor = this.#add({ kind: "terms", labels: keptLabels, terms: keptTerms, goal: keptGoal });
      this.#vectors.set(key, cursor);
    }
    return cursor;
  }

  /** @param goal the one label */
  #ofTerm(labels: readonly number[], term: Term, goal: readonly number[]): Cursor {
    const id = this.#single.intern(labels[0], term, 0);
    return (this.#singleCursors[id] ??= this.#add({ kind: "terms", labels, terms: [term], goal }));
  }

  /**
   * A position before a key that is one of `words`, or in one of the regions `others`. 0 when there is neither.
   * @param used keys that count as none of `others`, which must have more than those; the same array for the same keys, if possible
   * @param isAll whether the regions are all texts together
   */
  ofKey(words: readonly string[], others: readonly OtherRegion[], used: readonly string[], isAll: boolean): Cursor {
    const kinds = others.map(({ keys, index }) => ({ keys, result: this.#resultOfRegion(index) }));
    return this.#ofKey(this.#keyLists.of(words), 0, this.#otherKeys.of(kinds, isAll), this.#keyLists.of(used));
  }

  #resultOfRegion(index: number): Result {
    let result = this.#regionResults[index];
    if (result === undefined) {
      this.#regionResults[index] = result = this.#keyLists.reserve();
      this.#regions.set(result, index);
    }
    return result;
  }

  /** The region of other keys that the result of a key stands for; undefined for that of a word. */
  regionOf(result: Result): number | undefined {
    return this.#regions.get(result);
  }

  isKey(cursor: Cursor): boolean {
    return this.#cursors[cursor].kind === "key";
  }

  wordOf(result: Result): string {
    return this.#keyLists.wordOf(result);
  }

  next(cursor: Cursor, byte: number): Cursor {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") {
      if (content.terms.length === 1) {
        const term = this.#arena.next(content.terms[0], byte);
        if (term === content.terms[0]) return cursor;
        return term === EMPTY ? 0 : this.#ofTerm(content.labels, term, content.goal);
      }
      return this.ofTerms(
        content.labels,
        content.terms.map((term) => this.#arena.next(term, byte)),
        content.goal,
      );
    }
    const { depth } = content;
    const words = this.#keyLists.narrowed(content.words, depth, byte);
    const used = this.#keyLists.narrowed(content.used, depth, byte);
    const other = this.#otherKeys.mapped(content.other, (keys) => this.#arena.next(keys, byte), content.other.isAll);
    return this.#ofKey(words, depth + 1, this.#isUsedUp(other, used, depth + 1) ? this.#otherKeys.none : other, used);
  }

  /** Whether any character plainly may come next; false says nothing. */
  isBeforeAny(cursor: Cursor): boolean {
    const content = this.#cursors[cursor];
    const { anyText } = this.#arena;
    if (content.kind === "key") return content.other.kinds.some(({ keys }) => keys === anyText);
    return content.terms[0] === anyText && content.goal.includes(content.labels[0]);
  }

  /** Whether some character plainly may come next; false says nothing. */
  isBeforeSome(cursor: Cursor): boolean {
    const content = this.#cursors[cursor];
    if (content.kind === "terms" || content.other !== this.#otherKeys.none) return this.isBeforeAny(cursor);
    // Only first bytes of characters: the others continue one.
    const { bytes } = this.#keyLists.nextBytes(content.words, content.depth);
    return bytes.some((byte) => byte < 0x80 || byte >= 0xc0);
  }

  /** A number such that positions with the same one have the same {@link byteClasses}; -1 where there is none at hand. */
  byteSignature(cursor: Cursor): number {
    const content = this.#cursors[cursor];
    if (content.kind === "terms")
      return content.terms.length === 1 ? this.#arena.partitionOf(content.terms[0]) * 2 : -1;
    const { words, used, depth, other } = content;
    if (other.kinds.length > 1) return -1;
    const partition = this.#arena.partitionOf(other.kinds[0]?.keys ?? EMPTY);
    const next = this.#keyLists.nextBytes(words, depth).id * LISTS + this.#keyLists.nextBytes(used, depth).id;
    return next < LISTS * LISTS ? (partition * LISTS * LISTS + next) * 2 + 1 : -1;
  }

  /**
   * The class number of each of the 256 bytes, numbered by their least byte: the position goes on in one way with all bytes of a
   * class. `distinction`, 256 numbers below 32, is told apart as well. Control characters count as one.
   */
  byteClasses(cursor: Cursor, distinction?: Uint8Array): Uint8Array {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") return this.#arena.jointClasses(content.terms, distinction);
    const { words, used, depth, other } = content;
    const apart = distinction === undefined ? new Uint8Array(256) : distinction.slice();
    for (const list of [words, used]) {
      for (const byte of this.#keyLists.nextBytes(list, depth).bytes) if (byte >= 0x20) apart[byte] = byte;
    }
    return this.#arena.jointClasses(
      other === this.#otherKeys.none ? [EMPTY] : other.kinds.map(({ keys }) => keys),
      apart,
    );
  }

  /** What the scalar tells when it ends here; -1 when it cannot. */
  result(cursor: Cursor): Result {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") {
      const holding = content.labels.filter((_, i) => this.#arena.isNullable(content.terms[i]));
      return holding.some((label) => content.goal.includes(label)) ? this.#labelSets.intern(holding) : -1;
    }
    const first = content.words.keys[0];
    if (first !== undefined && first.bytes.length === content.depth) return first.number;
    const kind = content.other.kinds.find(({ keys }) => this.#arena.isNullable(keys));
    return kind === undefined || this.#isUsed(content) ? -1 : kind.result;
  }

  /** Whether there are at least `count` texts, below 2^31, with which the scalar can end so that a goal holds; false where that is not plain. */
  hasMembers(cursor: Cursor, count: number): boolean {
    const content = this.#cursors[cursor];
    if (content.kind === "key") return false;
    return content.labels.some(
      (label, i) => content.goal.includes(label) && this.#arena.cardinality(content.terms[i], count) >= count,
    );
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
      for (const { bytes } of content.words.keys) {
        const rest = bytes.subarray(content.depth);
        if (best === undefined || rest.length < best.length) best = rest;
      }
      for (const { keys } of content.other.kinds) {
        const other = shortestUnused(this.#arena, keys, restsOf(content.used, content.depth));
        if (other !== undefined && (best === undefined || other.length < best.length)) best = other;
      }
    }
    return best!;
  }

  /** The same position with the counts of repetitions that no text of `byteCount` bytes can use up taken away. */
  representative(cursor: Cursor, saturate: (term: Term) => Term): Cursor {
    const content = this.#cursors[cursor];
    if (content.kind === "key") {
      const other = this.#otherKeys.mapped(content.other, saturate);
      return other === content.other ? cursor : this.#ofKey(content.words, content.depth, other, content.used);
    }
    const terms = content.terms.map(saturate);
    return terms.every((term, i) => term === content.terms[i])
      ? cursor
      : this.ofTerms(content.labels, terms, content.goal);
  }

  /** What a position does that counts characters, by one that does not; undefined for others. */
  counted(cursor: Cursor): Omit<CountedFrame, "marks"> | undefined {
    const content = this.#cursors[cursor];
    if (content.kind !== "terms" || content.terms.length !== 1) return undefined;
    const arena = this.#arena;
    const [term] = content.terms;
    const of = (other: Term): Cursor => (other === EMPTY ? 0 : this.#ofTerm(content.labels, other, content.goal));
    const bounded = greatestLength(arena, term);
    if (bounded !== undefined) {
      const { others, most, sure } = bounded;
      if (sure < 0) return undefined;
      const after = (base: Cursor, count: number): Cursor =>
        of(arena.intersect(this.#termOf(base), arena.repeat(arena.anyCodePoint, 0, most - count)));
      return { base: of(others), least: 0, most, sure, after };
    }
    const counts = arena.countsOf(term);
    if (counts === undefined || (counts.min === 0 && counts.max === Infinity)) return undefined;
    const { min, max } = counts;
    const [repeated] = arena.childrenOf(term);
    if (!this.#isCharacter(repeated)) return undefined;
    const after = (_base: Cursor, count: number): Cursor =>
      of(arena.repeat(repeated, Math.max(0, min - count), max - count));
    return { base: of(arena.repeat(repeated, 0, Infinity)), least: min, most: max, sure: max, after };
  }

  #termOf(cursor: Cursor): Term {
    return (this.#cursors[cursor] as TermCursor).terms[0];
  }

  /**
   * What a position inside a key does, by one inside any key; undefined for others.
   * @returns results as of {@link result}; base 0 where no other keys may be read
   */
  keyed(cursor: Cursor): Omit<KeyedFrame, "marks" | "spellings"> | undefined {
    const content = this.#cursors[cursor];
    const { anyText } = this.#arena;
    if (content.kind !== "key") return undefined;
    const { words, used, depth, other } = content;
    if (other.kinds.length > 1 || (other.kinds.length === 1 && other.kinds[0].keys !== anyText)) return undefined;
    if (words.keys.length === 0 && used.keys.length === 0) return undefined;
    const isNone = other === this.#otherKeys.none;
    const base = isNone ? 0 : this.#ofKey(this.#keyLists.empty, 0, other, this.#keyLists.empty);
    const { texts, results } = this.#keyLists.both(words, used);
    return { base, texts, from: depth, results };
  }

  /** A position with the same steps and other results, where keys may be any but of several kinds; undefined for others. */
  relabelled(cursor: Cursor): Cursor | undefined {
    const content = this.#cursors[cursor];
    if (content.kind !== "key" || !content.other.isAll) return undefined;
    const { anyText } = this.#arena;
    const { words, depth, used } = content;
    const { kinds } = content.other;
    const isPlain = kinds.length === 1 && kinds[0].keys === anyText;
    // In the midst of a character there are no texts.
    if (isPlain || !kinds.every(({ keys }) => this.#arena.isTextual(keys))) return undefined;
    return this.#ofKey(words, depth, this.#otherKeys.of([{ keys: anyText, result: OTHER_KEY }], true), used);
  }

  /** Whether each member is one code point. */
  #isCharacter(term: Term): boolean {
    let is = this.#characters.get(term);
    if (is === undefined) {
      is = this.#arena.includes(this.#arena.anyCodePoint, term);
      this.#characters.set(term, is);
    }
    return is;
  }

  describe(cursor: Cursor): string {
    const content = this.#cursors[cursor];
    if (content.kind === "terms") {
      return content.terms.map((term, i) => `${content.labels[i]}:${this.#arena.toString(term)}`).join(" ");
    }
    const words = content.words.keys.map((key) => key.word);
    return [...words, ...content.other.kinds.map(({ keys }) => `any of ${this.#arena.toString(keys)}`)].join("|");
  }

  /** The used keys, as what is left of each after the text so far, taken out of the other keys. */
  #unused(other: Term, used: KeyList, depth: number): Term {
    const rests = restsOf(used, depth);
    return rests.length === 0 ? other : this.#arena.difference(other, this.#arena.words(rests));
  }

  /** Whether nothing is left of the other keys from here. More members than used keys settle it, which is the usual case. */
  #isUsedUp(other: OtherKeys, used: KeyList, depth: number): boolean {
    const count = used.keys.length;
    if (count === 0 || other === this.#otherKeys.none) return false;
    return other.kinds.every(
      ({ keys }) =>
        keys !== this.#arena.anyText &&
        this.#arena.cardinality(keys, count + 1) <= count &&
        this.#arena.isEmpty(this.#unused(keys, used, depth)),
    );
  }

  #isUsed({ used, depth }: KeyCursor): boolean {
    return used.keys.length > 0 && used.keys[0].bytes.length === depth;
  }

  #ofKey(words: KeyList, atDepth: number, other: OtherKeys, allUsed: KeyList): Cursor {
    const used = other === this.#otherKeys.none ? this.#keyLists.empty : allUsed;
    const isNamed = words.keys.length > 0;
    if (!isNamed && other === this.#otherKeys.none) return 0;
    // Where no word is in reach any more, the depth says nothing, and positions of all schemas become one.
    const depth = isNamed || used.keys.length > 0 ? atDepth : 0;
    const id = this.#keys.intern(this.#keyPlaces.intern(words.id, used.id, depth), other.id, 0);
    return (this.#keyCursors[id] ??= this.#add({ kind: "key", words, depth, other, used }));
  }

  #add(content: TermCursor | KeyCursor): Cursor {
    this.#cursors.push(content);
    return this.#cursors.length - 1;
  }
}

/** What is left of each key after `depth` bytes. */
function restsOf({ keys }: KeyList, depth: number): Uint8Array[] {
  return keys.map((key) => key.bytes.subarray(depth));
}
