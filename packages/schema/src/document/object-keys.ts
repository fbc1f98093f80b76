/** Objects with fewer keys are asked again. */
const FEW_KEYS = 256;

/**
 * The keys of objects. An object cannot be asked for some of its keys, and for all of very many it takes milliseconds: such are asked once
 * in a compilation.
 */
export class ObjectKeys {
  readonly #lists = new WeakMap<object, readonly string[]>();

  of(object: object): readonly string[] {
    let keys = this.#lists.get(object);
    if (keys === undefined) {
      keys = Object.keys(object);
      if (keys.length > FEW_KEYS) this.#lists.set(object, keys);
    }
    return keys;
  }
}
