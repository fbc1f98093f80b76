const tied = new WeakMap<object, WeakMap<object, object>>();

/**
 * A reference to `value` that is as good as a strong one while `holder` is reachable by other ways than through `value`, and a weak
 * one afterwards. So what hangs on something large that is shared does not keep it from being collected once its owner has let
 * go of it. Who has got the value keeps both.
 */
export class TiedReference<Value extends object> {
  readonly #reference: WeakRef<Value>;

  constructor(holder: object, value: Value) {
    let values = tied.get(holder);
    if (values === undefined) tied.set(holder, (values = new WeakMap<object, object>()));
    values.set(this, value);
    this.#reference = new WeakRef(value);
  }

  /** The value, or undefined once it has been collected. */
  get(): Value | undefined {
    return this.#reference.deref();
  }
}
