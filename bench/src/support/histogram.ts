export interface Distribution {
  readonly avg: number | null;
  readonly p25: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

/** Neighbouring buckets differ by half a percent. */
const GROWTH = Math.log(1.005);
const SMALLEST = 1e-3;
const BUCKETS = 8_192;

/**
 * The distribution of positive numbers in constant memory: average and maximum exactly, quantiles to a quarter of a percent.
 * Values below 0.001 count as 0.001.
 */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    const bucket = value <= SMALLEST ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(value / SMALLEST) / GROWTH));
    this.#counts[bucket]++;
    this.#count++;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
  }

  /** The value below which the given share of the values lies. */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#counts[bucket];
      if (left <= 0) return Math.min(this.#max, SMALLEST * Math.exp(GROWTH * Math.max(0, bucket - 0.5)));
    }
    return this.#max;
  }

  /** Rounded to three decimals; null where nothing was added. */
  summary(): Distribution {
    const rounded = (value: number): number | null => (this.#count === 0 ? null : Math.round(value * 1_000) / 1_000);
    return {
      avg: rounded(this.#sum / this.#count),
      p25: rounded(this.quantile(0.25)),
      p50: rounded(this.quantile(0.5)),
      p75: rounded(this.quantile(0.75)),
      p90: rounded(this.quantile(0.9)),
      p95: rounded(this.quantile(0.95)),
      p99: rounded(this.quantile(0.99)),
      p999: rounded(this.quantile(0.999)),
      max: rounded(this.#max),
    };
  }
}
