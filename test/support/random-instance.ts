import * as fc from "fast-check";

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Strings that schemas and instances share: short ones over a, b, c, some that formats accept, and some that need care as UTF-8 or JSON. */
const STRINGS = ["", "a", "b", "c", "ab", "aa", "abc", "1", "é", "😀", "a\n", '"\\'];
const FORMATTED = [
  "2024-02-29",
  "2023-02-29",
  "1.2.3.4",
  "1.2.3",
  "a@b.c",
  "12:00:00Z",
  "[a]",
  "(",
  "550e8400-e29b-41d4-a716-446655440000",
  ...[
    "2024-02-29T12:00:00Z",
    "12:00:00+01:00",
    "P1D",
    "PT1H30M",
    "a.example",
    "-a.b",
    "::1",
    "2001:db8::1.2.3.4",
    "1::2::3",
  ],
  ...["http://a.example/b?c#d", "urn:a:b", "../a", "%zz", "{a}", "{+a}/b", "{", "/a~0b", "/~", "1#", "0/a"],
];
const NUMBERS = [0, 1, 2, 3, -1, 0.5, 1.5, 0.1, 10, 21, 100, -0.25, 1e21];

/** Keys of instances: those that schemas name, and strangers. */
const KEYS = ["a", "b", "c", "d", "ab", "", "é"];

export const scalars: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<JsonValue>(null, true, false) },
  { weight: 6, arbitrary: fc.constantFrom<JsonValue>(...NUMBERS) },
  { weight: 6, arbitrary: fc.constantFrom<JsonValue>(...STRINGS) },
  { weight: 1, arbitrary: fc.constantFrom<JsonValue>(...FORMATTED) },
);

/** Small nested values: for `const` and `enum`, and as instances. */
export const deepValues: fc.Arbitrary<JsonValue> = valuesOfDepth(1);

export const instances: fc.Arbitrary<JsonValue> = valuesOfDepth(3);

function valuesOfDepth(maxDepth: number): fc.Arbitrary<JsonValue> {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth, depthSize: "small", withCrossShrink: true },
      { weight: 3, arbitrary: scalars },
      { weight: 3, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
      {
        weight: 4,
        arbitrary: fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 4, noNullPrototype: true }),
      },
    ),
  }));
  return value;
}

/** One change somewhere in a value: a member or item dropped, doubled, replaced or added. Near misses of members of a language. */
export function mutationOf(value: JsonValue, replacement: JsonValue, turn: number): JsonValue {
  const places = placesOf(value);
  return change(value, places[turn % places.length], replacement, Math.floor(turn / places.length) % 4);
}

function placesOf(value: JsonValue): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[]];
  const entries: [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : Object.entries(value);
  return [[], ...entries.flatMap(([key, child]) => placesOf(child).map((path) => [key, ...path]))];
}

function change(value: JsonValue, path: readonly (string | number)[], replacement: JsonValue, kind: number): JsonValue {
  if (path.length === 0 || typeof value !== "object" || value === null) return replacement;
  const [step, ...rest] = path;
  if (Array.isArray(value)) {
    const at = step as number;
    if (rest.length > 0 || kind === 0) return value.with(at, change(value[at], rest, replacement, kind));
    if (kind === 1) return value.toSpliced(at, 1);
    return value.toSpliced(at, 0, kind === 2 ? value[at] : replacement);
  }
  const key = step as string;
  const copy = { ...value };
  if (rest.length > 0 || kind === 0) copy[key] = change(value[key], rest, replacement, kind);
  else if (kind === 1) delete copy[key];
  else copy[kind === 2 ? "d" : "a"] = replacement;
  return copy;
}
