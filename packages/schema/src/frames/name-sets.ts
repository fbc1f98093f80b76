/** A set of names. Equal sets are one object. */
export interface NameSet {
  readonly id: number;
  has(name: string): boolean;
}

interface KeptSet extends NameSet {
  readonly names: ReadonlySet<string>;
  /** Their numbers, ascending. */
  readonly numbers: readonly number[];
  readonly larger: Map<string, KeptSet>;
}

/** Sets of names by content, each found from a smaller one: in whatever order names are added, the set is the same. */
export class NameSets {
  readonly #sets = new Map<string, KeptSet>();
  readonly #numbers = new Map<string, number>();
  readonly empty: NameSet = this.#add("", new Set(), []);

  /** `set` with `name` in it. Remembered. */
  with(set: NameSet, name: string): NameSet {
    const { names, numbers, larger } = set as KeptSet;
    if (names.has(name)) return set;
    let result = larger.get(name);
    if (result === undefined) larger.set(name, (result = this.#larger(names, numbers, name)));
    return result;
  }

  #larger(names: ReadonlySet<string>, numbers: readonly number[], name: string): KeptSet {
    const number = this.#numberOf(name);
    let at = numbers.length;
    while (at > 0 && numbers[at - 1] > number) at--;
    const more = [...numbers.slice(0, at), number, ...numbers.slice(at)];
    const key = more.join();
    return this.#sets.get(key) ?? this.#add(key, new Set(names).add(name), more);
  }

  #numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) this.#numbers.set(name, (number = this.#numbers.size));
    return number;
  }

  #add(key: string, names: ReadonlySet<string>, numbers: readonly number[]): KeptSet {
    const set: KeptSet = { id: this.#sets.size, names, numbers, larger: new Map(), has: (name) => names.has(name) };
    this.#sets.set(key, set);
    return set;
  }
}
