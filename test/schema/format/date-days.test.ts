import { TermArena } from "@espalier/grammar";
import { expect, test } from "vitest";
import { date } from "../../../packages/schema/src/format/calendar/date.ts";

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** Whether a calendar has the day, by asking whether JavaScript moves it to another one. */
function exists(year: number, month: number, day: number): boolean {
  const moved = new Date(Date.UTC(2000, 0, 1));
  moved.setUTCFullYear(year, month - 1, day);
  return moved.getUTCMonth() === month - 1 && moved.getUTCDate() === day && moved.getUTCFullYear() === year;
}

test("the days of every month from the year 0 to 2400", () => {
  const arena = new TermArena();
  const term = date.term(arena);
  const wrong: string[] = [];
  for (let year = 0; year <= 2400; year++) {
    // Every month of the years around the centuries, one month and February of the others.
    const everyMonth = year % 100 < 5 || year % 100 > 95;
    for (let month = 0; month <= 13; month++) {
      if (!everyMonth && month !== 2 && month !== year % 14) continue;
      for (let day = 0; day <= 32; day++) {
        if (!everyMonth && day > 1 && day < 28) continue;
        const text = `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
        const valid = month >= 1 && month <= 12 && day >= 1 && exists(year, month, day);
        if (arena.acceptsText(term, text) !== valid) wrong.push(text);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("29 February of every year with four digits", () => {
  const arena = new TermArena();
  const term = date.term(arena);
  for (let year = 0; year <= 9999; year++) {
    const text = `${String(year).padStart(4, "0")}-02-29`;
    expect(arena.acceptsText(term, text), text).toBe(exists(year, 2, 29));
  }
});
