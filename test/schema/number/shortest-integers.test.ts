import { TermArena } from "@espalier/grammar";
import { expect, test } from "vitest";
import { Decimal } from "../../../packages/schema/src/number/decimal.ts";
import { NumberAlgebra } from "../../../packages/schema/src/number/number-set.ts";

test("no spelling of an integer is shorter than the one that is chosen", () => {
  const arena = new TermArena();
  const numbers = new NumberAlgebra(arena);
  for (let integer = -1_200; integer <= 1_200; integer++) {
    const set = numbers.constant(Decimal.parse(String(integer)));
    const shortest = numbers.shortest(set)!;
    expect(arena.acceptsText(numbers.term(set), shortest)).toBe(true);
    expect(Number(shortest) === integer).toBe(true);
    const spellings = [String(integer)];
    for (let exponent = 0; exponent <= 4; exponent++) {
      if (integer % 10 ** exponent === 0) spellings.push(`${integer / 10 ** exponent}e${exponent}`);
    }
    for (const spelling of spellings) {
      const isShorter = spelling.length < shortest.length && arena.acceptsText(numbers.term(set), spelling);
      expect({ spelling, shortest, isShorter }).toEqual({ spelling, shortest, isShorter: false });
    }
  }
});
