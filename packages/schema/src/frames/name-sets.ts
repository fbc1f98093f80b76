/** A set of names. Equal sets are one object. */
export interface NameSet {
  readonly id: number;
  has(name: string): boolean;
}

interface KeptSet extends NameSet {
  readonly names: ReadonlySet<string>;
  readonly larger: Map<string, KeptSet>;
}

/** Sets of names by content, each found from a smaller one: in whatever order names are added, the set is the same. */
export class NameSets {
  readonly #sets = new Map<string, KeptSet>();
  readonly empty: NameSet = this.#intern([]);

  /** `set` with `name` in it. Remembered. */
  with(set: NameSet, name: string): NameSet {
    const { names, larger } = set as KeptSet;
    if (names.has(name)) return set;
    let result = larger.get(name);
    if (result === undefined) larger.set(name, (result = this.#intern([...names, name])));
    return result;
  }

  #intern(list: readonly string[]): KeptSet {
    const key = JSON.stringify(list.toSorted());
    let set = this.#sets.get(key);
    if (set === undefined) {
      const names = new Set(list);
      set = { id: this.#sets.size, names, larger: new Map(), has: (name) => names.has(name) };
      this.#sets.set(key, set);
    }
    return set;
  }
}
