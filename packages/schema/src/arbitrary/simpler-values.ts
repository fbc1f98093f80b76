import { isRecord, type JsonValue } from "./json-value.ts";

/**
 * Values that are simpler than `value` and much like it, the most different ones first: what to try when a failing value is to be
 * reduced. Simpler is {@link isSimpler}, so that every chain of them ends.
 * @param model a value whose parts are tried in the places of those of `value`
 */
export function* simplerValues(value: JsonValue, model?: JsonValue): Generator<JsonValue> {
  for (const candidate of candidatesFor(value, model)) if (isSimpler(candidate, value)) yield candidate;
}

/** True when the text of `a` is shorter than that of `b`, or as long and first in order: a well-founded order. */
export function isSimpler(a: JsonValue, b: JsonValue): boolean {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left.length === right.length ? left < right : left.length < right.length;
}

function* candidatesFor(value: JsonValue, model: JsonValue | undefined): Generator<JsonValue> {
  if (model !== undefined) yield model;
  yield* [0, "", null, [], {}, false, true];
  if (typeof value === "number") yield* simplerNumbers(value);
  else if (typeof value === "string") yield* simplerStrings(value);
  else if (Array.isArray(value)) yield* simplerArrays(value, Array.isArray(model) ? model : []);
  else if (isRecord(value)) yield* simplerObjects(value, model !== undefined && isRecord(model) ? model : {});
}

function* simplerNumbers(value: number): Generator<number> {
  yield Math.trunc(value);
  for (const digits of [1, 2, 3]) yield Number(value.toFixed(digits));
  if (value < 0) yield -value;
  for (let step = value; Math.abs(step) >= 1; step = Math.trunc(step / 2)) {
    yield value - step;
    yield Math.trunc(value - step);
  }
}

function* simplerStrings(value: string): Generator<string> {
  const characters = [...value];
  for (const rest of withoutRuns(characters)) yield rest.join("");
  for (let i = 0; i < characters.length; i++) {
    for (const plain of ["a", "0", " "]) yield characters.with(i, plain).join("");
  }
}

function* simplerArrays(value: readonly JsonValue[], model: readonly JsonValue[]): Generator<JsonValue> {
  yield* value;
  yield* withoutRuns(value);
  for (let i = 0; i < value.length; i++) {
    for (const item of simplerValues(value[i], model[i])) yield value.with(i, item);
  }
}

type Members = { readonly [key: string]: JsonValue };

function* simplerObjects(value: Members, model: Members): Generator<JsonValue> {
  const entries = Object.entries(value);
  yield* Object.values(value);
  for (const rest of withoutRuns(entries)) yield Object.fromEntries(rest);
  for (let i = 0; i < entries.length; i++) {
    const [key, member] = entries[i];
    const memberModel = Object.hasOwn(model, key) ? model[key] : undefined;
    for (const simpler of simplerValues(member, memberModel)) yield Object.fromEntries(entries.with(i, [key, simpler]));
    for (const simpler of simplerStrings(key)) {
      if (!Object.hasOwn(value, simpler)) yield Object.fromEntries(entries.with(i, [simpler, member]));
    }
  }
}

/** The list without a run of its items: long runs first, down to single items. */
function* withoutRuns<T>(list: readonly T[]): Generator<T[]> {
  for (let length = list.length; length >= 1; length = Math.floor(length / 2)) {
    for (let start = 0; start < list.length; start += length) yield list.toSpliced(start, length);
  }
}
