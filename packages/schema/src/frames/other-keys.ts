import { EMPTY, IntTripleTable, type Result, type Term } from "@espalier/grammar";

/** Keys that no schema names, of one region of keys. */
export interface OtherRegion {
  readonly keys: Term;
  /** What tells the region apart. */
  readonly index: number;
}

/** One kind of keys that no schema names, with what a key of that kind tells at its end. */
export interface OtherKind {
  readonly keys: Term;
  readonly result: Result;
}

/** What may follow of a key that no schema names: disjoint kinds of keys, none of them empty. Equal lists are one object. */
export interface OtherKeys {
  readonly id: number;
  readonly kinds: readonly OtherKind[];
  /** Whether they are known to be all texts together. */
  isAll: boolean;
}

/** Lists of kinds of keys, by content. */
export class OtherKeysTable {
  readonly none: OtherKeys = { id: 0, kinds: [], isAll: false };
  #count = 1;
  /** Of one kind: (term, result). */
  readonly #single = new IntTripleTable();
  readonly #singles: OtherKeys[] = [this.none];
  /** Of several. */
  readonly #several = new Map<string, OtherKeys>();

  /** @param isAll whether the kinds are all texts together */
  of(kinds: readonly OtherKind[], isAll = false): OtherKeys {
    const list = this.#listOf(kinds);
    list.isAll ||= isAll && list !== this.none;
    return list;
  }

  #listOf(kinds: readonly OtherKind[]): OtherKeys {
    const left = kinds.filter(({ keys }) => keys !== EMPTY);
    if (left.length === 0) return this.none;
    if (left.length === 1) {
      const [{ keys, result }] = left;
      const id = this.#single.intern(keys, result, 0);
      return (this.#singles[id] ??= { id: this.#count++, kinds: left, isAll: false });
    }
    const key = left.map(({ keys, result }) => `${keys}:${result}`).join();
    let list = this.#several.get(key);
    if (list === undefined) this.#several.set(key, (list = { id: this.#count++, kinds: left, isAll: false }));
    return list;
  }

  /**
   * The kinds, each with another term for its keys.
   * @param isAll whether the new ones are all texts together
   */
  mapped(list: OtherKeys, change: (keys: Term) => Term, isAll = false): OtherKeys {
    if (list.kinds.length !== 1)
      return this.of(
        list.kinds.map(({ keys, result }) => ({ keys: change(keys), result })),
        isAll,
      );
    const [{ keys, result }] = list.kinds;
    const changed = change(keys);
    return changed === keys ? list : this.of([{ keys: changed, result }], isAll);
  }
}
