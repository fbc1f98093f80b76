import type { WorkBudget } from "../budget/work-budget.ts";
import type { Expression } from "../cfg/grammar.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";

/** Looks at one field; answers what is inside it. */
type Check = (expression: Readonly<Record<string, unknown>>, place: string) => readonly Inner[];

interface Inner {
  readonly value: unknown;
  readonly place: string;
}

const CHECKS: ReadonlyMap<Expression["kind"], Check> = new Map<Expression["kind"], Check>([
  ["empty", () => []],
  ["literal", ({ text }, place) => textAt(text, `${place}.text`)],
  ["characters", ({ ranges }, place) => rangesAt(ranges, `${place}.ranges`)],
  ["regex", ({ source, flags }, place) => [...textAt(source, `${place}.source`), ...textAt(flags, `${place}.flags`)]],
  ["reference", ({ rule }, place) => textAt(rule, `${place}.rule`)],
  ["sequence", ({ items }, place) => listAt(items, `${place}.items`)],
  ["choice", ({ alternatives }, place) => listAt(alternatives, `${place}.alternatives`)],
  ["repeat", repeatAt],
  [
    "except",
    ({ item, without }, place) => [
      { value: item, place: `${place}.item` },
      { value: without, place: `${place}.without` },
    ],
  ],
  [
    "intersect",
    ({ item, and }, place) => [
      { value: item, place: `${place}.item` },
      { value: and, place: `${place}.and` },
    ],
  ],
  ["token", ({ token }, place) => (isCount(token) ? [] : textAt(token, `${place}.token`, " or a number from 0 on"))],
]);

/**
 * Makes sure that what a program gives is a regular expression of a grammar: programs without types may give anything. O(size).
 *
 * @param place such as `declared._INDENT`
 * @throws InvalidInputError at the field that is wrong
 * @throws LimitExceededError for an expression without end
 */
export function checkExpression(value: unknown, place: string, budget: WorkBudget): void {
  const waiting: Inner[] = [{ value, place }];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    budget.spend();
    if (typeof inner.value !== "object" || inner.value === null || Array.isArray(inner.value)) {
      throw wrong("an expression", inner.value, inner.place, 'A text is { kind: "literal", text: "…" }.');
    }
    const expression = inner.value as Readonly<Record<string, unknown>>;
    const check = CHECKS.get(expression.kind as Expression["kind"]);
    if (check === undefined) {
      const kinds = `one of the kinds ${[...CHECKS.keys()].join(", ")}, which are regular,`;
      throw wrong(kinds, expression.kind, `${inner.place}.kind`);
    }
    const found = check(expression, inner.place);
    budget.spend(found.length);
    for (let i = found.length - 1; i >= 0; i--) waiting.push(found[i]);
  }
}

/** What a value is, for messages: texts and numbers of some length are not repeated. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

function wrong(wanted: string, value: unknown, place: string, hint?: string): InvalidInputError {
  const exact = typeof value === "number" || (typeof value === "string" && place.endsWith(".kind"));
  const shown = exact ? `${describeValue(value)} (${JSON.stringify(value).slice(0, 40)})` : describeValue(value);
  return new InvalidInputError({ message: `Expected ${wanted} but found ${shown} at ${place}.`, place, hint });
}

function textAt(value: unknown, place: string, orElse = ""): readonly Inner[] {
  if (typeof value !== "string") throw wrong(`a text${orElse}`, value, place);
  if (!value.isWellFormed()) {
    throw new InvalidInputError({ message: `A lone surrogate is no text; there is one at ${place}.`, place });
  }
  return [];
}

function listAt(value: unknown, place: string): readonly Inner[] {
  if (!Array.isArray(value)) throw wrong("an array", value, place);
  return value.map((each: unknown, index) => ({ value: each, place: `${place}[${index}]` }));
}

function rangesAt(value: unknown, place: string): readonly Inner[] {
  let after = -1;
  for (const { value: range, place: at } of listAt(value, place)) {
    const [low, high] = Array.isArray(range) ? (range as unknown[]) : [];
    if (!isCount(low) || !isCount(high) || low > high || high > 0x10_ffff || low <= after) {
      const shown = Array.isArray(range) ? JSON.stringify(range).slice(0, 40) : describeValue(range);
      throw new InvalidInputError({
        message: `Expected ranges of code points, ascending and disjoint, but found ${shown} at ${at}.`,
        place: at,
      });
    }
    after = high;
  }
  return [];
}

function repeatAt({ item, min, max }: Readonly<Record<string, unknown>>, place: string): readonly Inner[] {
  if (!isCount(min)) throw wrong("a whole number from 0 on", min, `${place}.min`);
  if (max !== undefined && max !== Infinity) {
    if (!isCount(max)) throw wrong("a whole number from 0 on", max, `${place}.max`);
    if (max < min) {
      throw new InvalidInputError({
        message: `max (${max}) is less than min (${min}) at ${place}.max.`,
        place: `${place}.max`,
      });
    }
  }
  return [{ value: item, place: `${place}.item` }];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
