import {
  AbortedError,
  compileRegex,
  EMPTY,
  LimitExceededError,
  type Term,
  TermArena,
  WorkBudget,
} from "@espalier/grammar";
import { expect, test } from "vitest";

function whole(arena: TermArena, source: string): Term {
  return compileRegex(arena, source, { flags: "u", match: "whole" });
}

test.each([
  ["(a+)+$", "a".repeat(5_000), "b"],
  ["(a|a)*b", "a".repeat(5_000), "c"],
  ["(?:a*)*b", "a".repeat(5_000), "c"],
  ["(?:a?){50}a{50}", "a".repeat(50), "b"],
  ["(.*a.{0,20}){3}", "a".repeat(3_000), "\n"],
  ["(?:.*a){12}.*", "ba".repeat(2_000), "\n"],
  ["(?:(?:(?:a{0,50}){0,50}){0,50})", "a".repeat(5_000), "b"],
  ["(?:(?:(?:ab?){0,50}c?){0,50}d?){0,50}", "abcd".repeat(20), "x"],
  ["(?:(?:(?:ab|ac|d){0,50}a?){0,50}b?){0,50}", "abacdab".repeat(200), "x"],
  ["(?:(?!foo).)*", "fo".repeat(2_000), "foo"],
  ["(?:a(?=.*b)|b)*", `${"a".repeat(2_000)}b`, "c"],
  ["(?:\\b\\w+\\b ?)+", "word ".repeat(500), "  "],
])("%s steps in few states", (source, text, poison) => {
  const arena = new TermArena();
  const term = whole(arena, source);
  let at = term;
  for (const byte of Buffer.from(text)) at = arena.next(at, byte);
  expect(at).not.toBe(EMPTY);
  for (const byte of Buffer.from(poison)) at = arena.next(at, byte);
  expect(at).toBe(EMPTY);
  expect(arena.stats.terms).toBeLessThan(20_000);
  expect(arena.stats.derivatives).toBeLessThan(20_000);
});

test("a counted repetition is one term, and each step one or two more", () => {
  const arena = new TermArena();
  const before = arena.stats.terms;
  const term = whole(arena, "a{1,50000}");
  expect(arena.stats.terms - before).toBeLessThan(5);
  expect(arena.acceptsText(term, "a".repeat(50_000))).toBe(true);
  expect(arena.acceptsText(term, "a".repeat(50_001))).toBe(false);
  expect(arena.stats.terms - before).toBeLessThan(50_010);
});

test("a literal of 50,000 characters", () => {
  const arena = new TermArena();
  const text = "espalier ".repeat(5_556);
  const term = whole(arena, text);
  expect(arena.acceptsText(term, text)).toBe(true);
  expect(arena.acceptsText(term, text.slice(1))).toBe(false);
  expect(Buffer.from(arena.shortest(term) ?? []).toString()).toBe(text);
  expect(arena.stats.terms).toBeLessThan(51_000);
});

test("an alternation of 10,000 words is a trie", () => {
  const arena = new TermArena();
  const words = Array.from({ length: 10_000 }, (_, i) => `key${(i * 7919) % 100_003}`);
  const term = whole(arena, words.join("|"));
  for (const word of words) expect(arena.acceptsText(term, word)).toBe(true);
  expect(arena.acceptsText(term, "key")).toBe(false);
  expect(arena.cardinality(term, 1_000_000)).toBe(new Set(words).size);
  // One derivative a prefix at the most, where 10,000 summands would cost 10,000.
  expect(arena.stats.derivatives).toBeLessThan(40_000);
  expect(arena.stats.emptinessSearches).toBe(0);
});

test("an alternation of a megabyte", () => {
  const arena = new TermArena();
  const words = Array.from({ length: 60_000 }, (_, i) => `alternative ${i}`);
  const source = words.join("|");
  expect(source.length).toBeGreaterThan(1_000_000);
  const term = whole(arena, source);
  expect(arena.acceptsText(term, "alternative 31415")).toBe(true);
  expect(arena.acceptsText(term, "alternative 60000")).toBe(false);
});

test("a union of 10,000 terms that are no words", () => {
  const arena = new TermArena();
  const terms = Array.from({ length: 10_000 }, (_, i) =>
    arena.concat(arena.text(`k${i}`), arena.repeat(arena.text("x"), 0, 3)),
  );
  const term = arena.unionAll(terms);
  expect(arena.acceptsText(term, "k9999xx")).toBe(true);
  expect(arena.acceptsText(term, "k9999xxxx")).toBe(false);
});

test.each([300, 5_000, 100_000])("%i nested groups compile or are refused", (depth) => {
  const arena = new TermArena();
  const source = `${"(".repeat(depth)}a${")".repeat(depth)}`;
  if (depth <= 400) {
    expect(arena.acceptsText(whole(arena, source), "a")).toBe(true);
    return;
  }
  expect(() => whole(arena, source)).toThrow(LimitExceededError);
});

test("deep nesting of operators", () => {
  const arena = new TermArena();
  const nested = (open: string, close: string) => `${open.repeat(150)}a${close.repeat(150)}`;
  expect(arena.acceptsText(whole(arena, nested("(?:", "b?)*")), "abab")).toBe(true);
  expect(arena.acceptsText(whole(arena, nested("(?:x|", ")")), "a")).toBe(true);
  // Each (?! turns the condition on the rest around.
  expect(arena.acceptsText(whole(arena, `${nested("(?!", ")")}b`), "b")).toBe(false);
  expect(arena.acceptsText(whole(arena, `${nested("(?=", ")")}a`), "a")).toBe(true);
  expect(arena.acceptsText(whole(arena, nested("(?:a(?=", ")|b)*")), "b")).toBe(true);
});

test("brackets in classes do not count as groups", () => {
  const arena = new TermArena();
  expect(arena.acceptsText(whole(arena, "[([]".repeat(500)), "(".repeat(500))).toBe(true);
});

test("many optional parts and assertions in a row", () => {
  const arena = new TermArena();
  expect(arena.acceptsText(whole(arena, "a?".repeat(3_000)), "a".repeat(3_000))).toBe(true);
  expect(arena.acceptsText(whole(arena, `${"(?=a)".repeat(3_000)}a`), "a")).toBe(true);
  // Alternatives share what follows them: no copies, though 2^40 paths lead through.
  const before = arena.stats.terms;
  const term = whole(arena, "(?:a(?!b)|c(?=a|c|$))".repeat(40));
  expect(arena.acceptsText(term, "ac".repeat(20))).toBe(true);
  expect(arena.stats.terms - before).toBeLessThan(5_000);
});

test("long terms are compared, printed and searched without recursion", () => {
  const arena = new TermArena();
  let optional: Term = 1;
  for (let i = 0; i < 400; i++)
    optional = arena.concat(arena.repeat(arena.text(i % 2 === 0 ? "ab" : "c"), 0, 1), optional);
  expect(arena.acceptsText(optional, "abcabcc")).toBe(true);
  expect(arena.isEmpty(arena.intersect(optional, arena.text("ba")))).toBe(true);
  expect(arena.toString(optional)).toContain("(ab)?c?(ab)?c?");
  let nested: Term = arena.text("a");
  for (let i = 0; i < 20_000; i++)
    nested = arena.repeat(arena.union(arena.concat(nested, arena.text("b")), arena.text("c")), 1, 2);
  expect(arena.acceptsText(nested, "cc")).toBe(true);
  expect(arena.toString(nested).length).toBe(4_001);
});

test("a budget ends the work with the limit's name", () => {
  const arena = new TermArena();
  const budget = new WorkBudget({ name: "maxPatternWork", limit: 1_000, place: "#/pattern" });
  const error = caught(() => compileRegex(arena, "x".repeat(2_000), { match: "whole", budget })) as LimitExceededError;
  expect(error).toBeInstanceOf(LimitExceededError);
  expect(error.limit).toBe("maxPatternWork");
  expect(error.place).toBe("#/pattern");
});

test("a signal ends the work", () => {
  const budget = new WorkBudget({ name: "maxPatternWork", limit: 1e9, signal: AbortSignal.abort() });
  const error = caught(() => compileRegex(new TermArena(), "x".repeat(5_000), { match: "whole", budget }));
  expect(error).toBeInstanceOf(AbortedError);
});

test("states that are exponentially many run into maxTerms, and earlier answers stay", () => {
  const arena = new TermArena({ maxTerms: 20_000 });
  const term = whole(arena, "[ab]*a[ab]{20}");
  const step = (): void => {
    // All texts of 2^14 prefixes have different residuals.
    for (let i = 0; i < 2 ** 14; i++) {
      let at = term;
      for (let bit = 0; bit < 14; bit++) at = arena.next(at, ((i >>> bit) & 1) === 0 ? 0x61 : 0x62);
    }
  };
  const error = caught(step) as LimitExceededError;
  expect(error).toBeInstanceOf(LimitExceededError);
  expect([error.limit, error.allowed]).toEqual(["maxTerms", 20_000]);
  expect(arena.acceptsText(arena.text("a"), "a")).toBe(true);
});

test("searches for emptiness run into maxSearchStates", () => {
  const arena = new TermArena({ maxSearchStates: 500 });
  const mod = (n: number) => arena.repeat(arena.repeat(arena.text("a"), n, n), 1, Infinity);
  // Lengths divisible by 31, 37 and 41, but shorter than their product.
  const term = arena.intersect(mod(31), mod(37), mod(41));
  const error = caught(() => arena.isEmpty(term)) as LimitExceededError;
  expect([error.limit, error.allowed]).toEqual(["maxSearchStates", 500]);
  const patient = new TermArena();
  const again = patient.intersect(
    ...[3, 5, 7].map((n) => patient.repeat(patient.repeat(patient.text("a"), n, n), 1, Infinity)),
  );
  expect(patient.shortest(again)?.length).toBe(105);
});

test("verdicts of emptiness are kept", () => {
  const arena = new TermArena();
  const letter = arena.codePoints([[0x61, 0x10_ffff]]);
  const term = arena.intersect(arena.repeat(letter, 200, Infinity), arena.repeat(arena.anyCodePoint, 0, 100));
  expect(arena.isEmpty(term)).toBe(true);
  const { statesSearched } = arena.stats;
  expect(statesSearched).toBeGreaterThan(100);
  expect(arena.isEmpty(arena.derive(term, 0x61))).toBe(true);
  expect(arena.stats.statesSearched).toBe(statesSearched);
});

test("a remembered step does no work", () => {
  const arena = new TermArena();
  const term = arena.difference(whole(arena, "[a-z]{1,64}"), arena.words(["class", "const", "enum"]));
  const run = (): Term => [...Buffer.from("constants")].reduce((at, byte) => arena.next(at, byte), term);
  const end = run();
  const { derivatives, terms, statesSearched } = arena.stats;
  expect(run()).toBe(end);
  expect(arena.stats).toMatchObject({ derivatives, terms, statesSearched });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
