import type { TermStore } from "./term-store.ts";
import { KIND_INTERSECT, KIND_UNION, type Term } from "./term.ts";
import { includesSorted } from "./union-laws.ts";

/** When an intersection is plainly empty since a complement in it takes away all of it. */
export class ExclusionLaws {
  readonly #store: TermStore;
  readonly #textFrom: readonly Term[];
  /** By term: the factors of terms that are known to be within it. */
  readonly #within = new Map<Term, (readonly Term[])[]>();

  /** @param textFrom what completes a text from each phase */
  constructor(store: TermStore, textFrom: readonly Term[]) {
    this.#store = store;
    this.#textFrom = textFrom;
  }

  /** Remembers that every member of `inner` is one of `outer`. */
  noteWithin(inner: Term, outer: Term): void {
    const factors = this.#operands(KIND_INTERSECT, inner);
    for (const term of this.#operands(KIND_INTERSECT, outer)) {
      this.#within.set(term, [...(this.#within.get(term) ?? []), factors]);
    }
  }

  /**
   * Whether what a complement takes away, or a summand of it, plainly holds the intersection.
   * @param factors sorted
   */
  excludes(removed: Term, factors: readonly Term[]): boolean {
    const summands = this.#operands(KIND_UNION, removed);
    let text = 0;
    for (const summand of summands) {
      const phase = this.#textFrom.indexOf(summand);
      if (phase !== -1) text |= 1 << phase;
    }
    const { phases } = this.#store;
    return (
      factors.some(
        (factor) => factor === removed || includesSorted(summands, factor) || (phases[factor] & text) !== 0,
      ) || summands.some((summand) => this.#isWithin(factors, summand))
    );
  }

  #isWithin(factors: readonly Term[], outer: Term): boolean {
    if (this.#within.size === 0 && this.#store.kinds[outer] !== KIND_INTERSECT) return false;
    return this.#operands(KIND_INTERSECT, outer).every((term) => {
      if (includesSorted(factors, term)) return true;
      const known = this.#within.get(term);
      return known !== undefined && known.some((inner) => inner.every((factor) => includesSorted(factors, factor)));
    });
  }

  #operands(kind: typeof KIND_UNION | typeof KIND_INTERSECT, term: Term): Term[] {
    const operands: Term[] = [];
    this.#store.pushOperands(kind, term, operands);
    return operands;
  }
}
