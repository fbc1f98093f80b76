/** A value that is made at its first use: parsers analyse their grammar when they are made, which takes milliseconds. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
