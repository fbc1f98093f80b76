/** A number for each label of one layer, worked out once: many edges carry the same set of tokens. @internal */
export class LabelMemo {
  readonly #compute: (position: number, label: number) => number;
  #values = new Float64Array(64);
  #stamps = new Int32Array(64);
  #stamp = 0;
  #position = 0;

  constructor(compute: (position: number, label: number) => number) {
    this.#compute = compute;
  }

  /** Goes to another layer, and forgets. */
  begin(position: number): void {
    this.#position = position;
    this.#stamp++;
  }

  get(label: number): number {
    if (label < 0) return this.#compute(this.#position, label);
    if (label >= this.#stamps.length) this.#grow(label);
    if (this.#stamps[label] === this.#stamp) return this.#values[label];
    this.#stamps[label] = this.#stamp;
    return (this.#values[label] = this.#compute(this.#position, label));
  }

  #grow(label: number): void {
    const length = Math.max(label + 1, this.#stamps.length * 2);
    const values = new Float64Array(length);
    values.set(this.#values);
    const stamps = new Int32Array(length);
    stamps.set(this.#stamps);
    this.#values = values;
    this.#stamps = stamps;
  }
}
