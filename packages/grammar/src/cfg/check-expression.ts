import type { WorkBudget } from "../budget/work-budget.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import type { Expression } from "./grammar.ts";

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

/** Those that need not be regular. */
const OTHER_CHECKS: typeof CHECKS = new Map<Expression["kind"], Check>([
  ["embedded", ({ language }, place) => textAt(language, `${place}.language`)],
  [
    "automaton",
    ({ automaton, description }, place) => {
      if (typeof (automaton as { next?: unknown } | undefined)?.next !== "function") {
        throw wrong("an automaton", automaton, `${place}.automaton`);
      }
      return textAt(description, `${place}.description`);
    },
  ],
]);

export interface CheckOptions {
  /** Whether the expression must be regular, but for references. @defaultValue false */
  readonly mustBeRegular?: boolean;
  /** Expressions that were looked at before, and need not be again; those that are looked at are added. */
  readonly seen?: Set<unknown>;
}

/**
 * Makes sure that what a program gives is an expression of a grammar: programs without types may give anything. O(size).
 *
 * @param place such as `declared._INDENT`
 * @throws InvalidInputError at the field that is wrong
 * @throws LimitExceededError for an expression without end
 */
export function checkExpression(
  value: unknown,
  place: string,
  budget: WorkBudget,
  { mustBeRegular = false, seen }: CheckOptions = {},
): void {
  const waiting: Inner[] = [{ value, place }];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    budget.spend();
    if (seen?.has(inner.value) === true) continue;
    seen?.add(inner.value);
    if (typeof inner.value !== "object" || inner.value === null || Array.isArray(inner.value)) {
      throw wrong("an expression", inner.value, inner.place, 'A text is { kind: "literal", text: "…" }.');
    }
    const expression = inner.value as Readonly<Record<string, unknown>>;
    const kind = expression.kind as Expression["kind"];
    const check = CHECKS.get(kind) ?? (mustBeRegular ? undefined : OTHER_CHECKS.get(kind));
    if (check === undefined) {
      const known = mustBeRegular ? [...CHECKS.keys()] : [...CHECKS.keys(), ...OTHER_CHECKS.keys()];
      const kinds = `one of the kinds ${known.join(", ")}${mustBeRegular ? ", which are regular," : ""}`;
      throw wrong(kinds, expression.kind, `${inner.place}.kind`);
    }
    const found = check(expression, inner.place);
    budget.spend(found.length);
    for (let i = found.length - 1; i >= 0; i--) waiting.push(found[i]);
  }
}

/**
 * Makes sure that a grammar that a program made by itself has the form that its type says. O(size).
 * @throws InvalidInputError at the field that is wrong, such as `rules.value.expression.items[2].kind`
 */
export function checkGrammar(grammar: unknown, budget: WorkBudget): void {
  const { start, rules, lexing } = recordAt(grammar, "grammar");
  textAt(start, "start");
  if (!(rules instanceof Map)) throw wrong("a Map of rules", rules, "rules");
  const seen = new Set<unknown>();
  for (const [name, rule] of rules as ReadonlyMap<unknown, unknown>) {
    if (typeof name !== "string") throw wrong("names of rules", name, "rules");
    const { expression, priority } = recordAt(rule, `rules.${name}`);
    if (priority !== undefined && !Number.isFinite(priority)) {
      throw wrong("a number", priority, `rules.${name}.priority`);
    }
    checkExpression(expression, `rules.${name}.expression`, budget, { seen });
  }
  if (lexing === undefined) return;
  for (const { value, place } of listAt(recordAt(lexing, "lexing").ignored, "lexing.ignored")) {
    textAt(value, place);
    if (!rules.has(value)) {
      throw new InvalidInputError({
        message: `The ignored terminal "${String(value)}" at ${place} is not defined.`,
        place,
      });
    }
  }
}

function recordAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw wrong("an object", value, place);
  return value as Readonly<Record<string, unknown>>;
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
