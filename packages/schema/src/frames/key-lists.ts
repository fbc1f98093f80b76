import type { Result } from "@espalier/grammar";

/** A key with its UTF-8 bytes, and the number that stands for it in results, from 1. */
export interface NumberedKey {
  readonly word: string;
  readonly bytes: Uint8Array;
  readonly number: Result;
}

/** Keys sorted by their bytes. Equal lists are one object. */
export interface KeyList {
  readonly id: number;
  readonly keys: readonly NumberedKey[];
  /** Their bytes. */
  readonly texts: readonly Uint8Array[];
  /** The keys that go on with a byte after a number of bytes, as far as asked for: by depth * 256 + byte. */
  readonly parts: Map<number, KeyList>;
  /** By depth, as far as asked for. */
  readonly nextBytes: Map<number, NextBytes>;
}

/** The bytes with which some keys go on, ascending. Equal lists are one object. */
export interface NextBytes {
  readonly id: number;
  readonly bytes: readonly number[];
}

const encoder = new TextEncoder();

/**
 * Lists of keys by content, and the parts of them that a text leads to. That the part is a list of its own, whatever list it was
 * cut from, lets all objects share the positions inside a key as soon as the text has left behind what they differ in.
 */
export class KeyLists {
  readonly #byNumbers = new Map<string, KeyList>();
  /** By the numbers of the words as they were given. */
  readonly #byGiven = new Map<string, KeyList>();
  /** By the very array that was given. */
  readonly #byArray = new WeakMap<readonly string[], KeyList>();
  readonly #numbers = new Map<string, NumberedKey>();
  readonly #keys: (NumberedKey | undefined)[] = [undefined];
  readonly #nextBytes = new Map<string, NextBytes>();
  readonly empty: KeyList = this.#intern([]);

  /** The list of some different words, in any order. Remembered by the array, which must not change. */
  of(words: readonly string[]): KeyList {
    if (words.length === 0) return this.empty;
    let list = this.#byArray.get(words);
    if (list === undefined) this.#byArray.set(words, (list = this.#ofWords(words)));
    return list;
  }

  #ofWords(words: readonly string[]): KeyList {
    const keys = words.map((word) => this.#key(word));
    const given = numbersOf(keys);
    let list = this.#byGiven.get(given);
    if (list === undefined) {
      list = this.#intern(keys.toSorted(compare));
      this.#byGiven.set(given, list);
    }
    return list;
  }

  wordOf(number: Result): string {
    return this.#keys[number]!.word;
  }

  /** A number that stands for no key. */
  reserve(): Result {
    return this.#keys.push(undefined) - 1;
  }

  /** The keys that go on with `byte` after `depth` bytes; all keys of the list agree in those. */
  narrowed(list: KeyList, depth: number, byte: number): KeyList {
    if (list === this.empty) return list;
    const place = depth * 256 + byte;
    let part = list.parts.get(place);
    if (part === undefined) list.parts.set(place, (part = this.#narrowed(list, depth, byte)));
    return part;
  }

  /** The keys of two lists, ascending: with their numbers as results, those that are only in the second with -1. */
  both(words: KeyList, used: KeyList): { readonly texts: readonly Uint8Array[]; readonly results: readonly Result[] } {
    const among = resultsAmong(words, used);
    if (among !== undefined) return { texts: used.texts, results: among };
    const texts: Uint8Array[] = [];
    const results: Result[] = [];
    let w = 0;
    for (const key of used.keys) {
      for (; w < words.keys.length && words.keys[w] !== key && compare(words.keys[w], key) < 0; w++) {
        texts.push(words.keys[w].bytes);
        results.push(words.keys[w].number);
      }
      const isWord = words.keys[w] === key;
      texts.push(key.bytes);
      results.push(isWord ? key.number : -1);
      if (isWord) w++;
    }
    for (; w < words.keys.length; w++) {
      texts.push(words.keys[w].bytes);
      results.push(words.keys[w].number);
    }
    return { texts, results };
  }

  /** The bytes with which the keys go on after `depth` bytes, those that end there left out. */
  nextBytes(list: KeyList, depth: number): NextBytes {
    let next = list.nextBytes.get(depth);
    if (next === undefined) {
      const bytes: number[] = [];
      for (const { bytes: key } of list.keys)
        if (depth < key.length && key[depth] !== bytes.at(-1)) bytes.push(key[depth]);
      const content = bytes.join();
      next = this.#nextBytes.get(content) ?? { id: this.#nextBytes.size, bytes };
      this.#nextBytes.set(content, next);
      list.nextBytes.set(depth, next);
    }
    return next;
  }

  #narrowed(list: KeyList, depth: number, byte: number): KeyList {
    const { keys } = list;
    let from = 0;
    let to = keys.length;
    while (from < to && (keys[from].bytes[depth] ?? -1) < byte) from++;
    while (from < to && (keys[to - 1].bytes[depth] ?? -1) > byte) to--;
    if (from === to) return this.empty;
    return to - from === keys.length ? list : this.#intern(keys.slice(from, to));
  }

  /** @param keys sorted by their bytes */
  #intern(keys: readonly NumberedKey[]): KeyList {
    const numbers = numbersOf(keys);
    let list = this.#byNumbers.get(numbers);
    if (list === undefined) {
      const texts = keys.map(({ bytes }) => bytes);
      list = { id: this.#byNumbers.size, keys, texts, parts: new Map(), nextBytes: new Map() };
      this.#byNumbers.set(numbers, list);
    }
    return list;
  }

  #key(word: string): NumberedKey {
    let key = this.#numbers.get(word);
    if (key === undefined) {
      key = { word, bytes: encoder.encode(word), number: this.#keys.length };
      this.#keys.push(key);
      this.#numbers.set(word, key);
    }
    return key;
  }
}

function numbersOf(keys: readonly NumberedKey[]): string {
  let numbers = "";
  for (const key of keys) numbers += `${key.number},`;
  return numbers;
}

/** By the keys of `used`: the numbers of those that are in `words`, -1 for others; undefined where some of `words` are not among them. */
function resultsAmong(words: KeyList, used: KeyList): Result[] | undefined {
  let w = 0;
  const results = used.keys.map((key) => (words.keys[w] === key ? words.keys[w++].number : -1));
  return w === words.keys.length ? results : undefined;
}

/** By their bytes. */
function compare(a: NumberedKey, b: NumberedKey): number {
  // Where both are ASCII, their texts are in the same order, and are compared with less ado.
  const isAscii = a.bytes.length === a.word.length && b.bytes.length === b.word.length;
  if (isAscii) return a.word < b.word ? -1 : a.word > b.word ? 1 : 0;
  return Buffer.compare(a.bytes, b.bytes);
}
