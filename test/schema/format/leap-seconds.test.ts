import { TermArena } from "@espalier/grammar";
import { expect, test } from "vitest";
import { time } from "../../../packages/schema/src/format/calendar/time.ts";
import { ajvAccepts } from "./support/ajv-accepts.ts";

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

const arena = new TermArena();
const accepted = (text: string): boolean => arena.acceptsText(time.term(arena), text);
const ajv = ajvAccepts("time")!;

test("leap seconds at every minute and quarter-hour offset", () => {
  let members = 0;
  const wrong: string[] = [];
  for (let local = 0; local < 1440; local++) {
    for (let offset = 0; offset < 1440; offset += 15) {
      for (const sign of ["+", "-"]) {
        const text = `${clock(local)}:60${sign}${clock(offset)}`;
        const member = accepted(text);
        if (member) members++;
        if (member !== ajv(text)) wrong.push(text);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(members).toBe(2 * 96);
});

test("no leap second at other offsets", () => {
  for (let local = 0; local < 1440; local += 7) {
    expect(accepted(`${clock(local)}:60+${clock((local + 1) % 1440)}`)).toBe((local + 1) % 15 === 0);
  }
});

test("fractions that doubles round up are refused, as ajv does", () => {
  for (let nines = 0; nines <= 20; nines++) {
    for (const tail of ["0", "4", "6", "65", "8", "9"]) {
      for (const second of ["08:00:59", "23:59:60"]) {
        const text = `${second}.${"9".repeat(nines)}${tail}Z`;
        if (accepted(text)) expect(ajv(text), text).toBe(true);
        if (nines < 13) expect(accepted(text), text).toBe(true);
      }
    }
  }
});
