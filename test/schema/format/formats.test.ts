import { TermArena } from "@espalier/grammar";
import { describe, expect, test } from "vitest";
import { formats } from "../../../packages/schema/src/format/formats.ts";

describe.each([...formats])("format %s", (name, format) => {
  test("is listed under its name, and says what it leaves out", () => {
    expect(format.name).toBe(name);
    expect(format.standard).not.toBe("");
    if (format.exactness === "subset") expect(format.note).toBeDefined();
  });

  test("is built once an arena", () => {
    const arena = new TermArena();
    const term = format.term(arena);
    const { terms } = arena.stats;
    expect(format.term(arena)).toBe(term);
    expect(arena.stats.terms).toBe(terms);
  });

  test("has a shortest member", () => {
    const arena = new TermArena();
    const shortest = arena.shortest(format.term(arena));
    expect(shortest).toBeDefined();
    expect(arena.accepts(format.term(arena), shortest!)).toBe(true);
  });

  test("holds well-formed UTF-8 alone", () => {
    const arena = new TermArena();
    expect(arena.isTextual(format.term(arena))).toBe(true);
  });
});
