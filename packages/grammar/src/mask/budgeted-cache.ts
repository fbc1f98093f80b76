import type { AgingCache, CacheBudget } from "./cache-budget.ts";

/** What an entry of a map costs besides its value. */
const ENTRY_BYTES = 64;

export interface BudgetedCacheOptions<Value> {
  readonly budget: CacheBudget;
  /** Bytes that a value holds by itself; what other caches of the budget count is not part of it. */
  sizeOf(value: Value): number;
  /** Called when a value is asked for after a while: what it shares with others must be kept as long as it is. */
  revive?(value: Value): void;
}

/** Values by number, forgotten when the budget that the cache shares with others is used up. Read and written in O(1). */
export class BudgetedCache<Value> implements AgingCache {
  readonly #options: BudgetedCacheOptions<Value>;
  #young = new Map<number, Value>();
  #old: Map<number, Value> | undefined;

  constructor(options: BudgetedCacheOptions<Value>) {
    this.#options = options;
    options.budget.register(this);
  }

  get(key: number): Value | undefined {
    return this.#young.get(key) ?? this.#fromOld(key);
  }

  /** Whether there is a value, which this does not make any younger. */
  has(key: number): boolean {
    return this.#young.has(key) || this.#old?.has(key) === true;
  }

  /** @param key not in the cache */
  set(key: number, value: Value): void {
    this.#young.set(key, value);
    this.#options.budget.charge(ENTRY_BYTES + this.#options.sizeOf(value));
  }

  age(): void {
    if (this.#young.size === 0) {
      this.#old = undefined;
      return;
    }
    this.#old = this.#young;
    this.#young = new Map();
  }

  #fromOld(key: number): Value | undefined {
    const value = this.#old?.get(key);
    if (value === undefined) return undefined;
    this.#old!.delete(key);
    this.#young.set(key, value);
    this.#options.revive?.(value);
    this.#options.budget.promote(ENTRY_BYTES + this.#options.sizeOf(value));
    return value;
  }
}
