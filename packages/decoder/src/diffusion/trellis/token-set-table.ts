import type { TokenId } from "@espalier/grammar";

/**
 * Interns ascending lists of tokens as 0, 1, 2, …: states that go on with the same tokens share one list, and what is computed for
 * a list (its best token, its mass) is computed once a position.
 */
export class TokenSetTable {
  readonly #sets: Int32Array[] = [];
  #tokenCount = 0;
  readonly #byHash = new Map<number, number[]>();

  get count(): number {
    return this.#sets.length;
  }

  /** Tokens of all sets together: what the table's memory is proportional to. */
  get tokenCount(): number {
    return this.#tokenCount;
  }

  /** The tokens of a set, ascending. Read only. */
  tokens(set: number): Int32Array {
    return this.#sets[set];
  }

  intern(tokens: readonly TokenId[]): number {
    const list = Int32Array.from(tokens).sort();
    let hash = list.length;
    for (let i = 0; i < list.length; i++) hash = Math.imul(hash ^ list[i], 0x9e3779b1) ^ (hash >>> 15);
    const bucket = this.#byHash.get(hash);
    const known = bucket?.find((set) => areEqual(this.#sets[set], list));
    if (known !== undefined) return known;
    const set = this.#sets.push(list) - 1;
    this.#tokenCount += list.length;
    if (bucket === undefined) this.#byHash.set(hash, [set]);
    else bucket.push(set);
    return set;
  }
}

function areEqual(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
