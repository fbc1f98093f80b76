import { completionOf, DEAD } from "@espalier/grammar";
import { JsonSchema, type Dialect } from "@espalier/schema";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ajvIsSure, ajvValidator } from "../support/ajv-oracle.ts";
import { accepts, stateAfter } from "../support/automaton-texts.ts";
import type { JsonValue } from "../support/random-instance.ts";
import type { OracleDialect, Schema } from "../support/random-schema.ts";
import { specValidator } from "../support/spec-validator.ts";

// Cases that were found by the random tests, or that they would rarely find, as data: add one to a file in cases/, or a file.

interface Case {
  readonly description: string;
  readonly schema: Schema;
  /** @defaultValue "2020-12" */
  readonly dialect?: Dialect;
  readonly valid?: readonly JsonValue[];
  readonly invalid?: readonly JsonValue[];
  /** JSON texts, where the spelling matters. */
  readonly validTexts?: readonly string[];
  readonly invalidTexts?: readonly string[];
  /** Beginnings of texts that nothing can complete. */
  readonly dead?: readonly string[];
}

const FOLDER = join(import.meta.dirname, "cases");

describe.each(readdirSync(FOLDER))("%s", (file) => {
  const cases = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as readonly Case[];
  test.each(cases)("$description", ({ schema, dialect = "2020-12", valid = [], invalid = [], ...texts }) => {
    const { automaton } = new JsonSchema(schema, { dialect, propertyOrder: "any" });
    const members = [...valid.map((value) => JSON.stringify(value)), ...(texts.validTexts ?? [])];
    const strangers = [...invalid.map((value) => JSON.stringify(value)), ...(texts.invalidTexts ?? [])];
    expect(members.filter((text) => !accepts(automaton, text))).toEqual([]);
    expect(strangers.filter((text) => accepts(automaton, text))).toEqual([]);
    expect(dialect === "draft-04" || oraclesAgree(schema, dialect as OracleDialect, valid, invalid)).toBe(true);
    for (const text of [...members, ...strangers]) expectCompletions(automaton, text);
    for (const text of texts.dead ?? []) {
      expect({ text, dead: stateAfter(automaton, text) === DEAD }).toEqual({ text, dead: true });
      expectCompletions(automaton, text);
    }
  });
});

/** The labels of a case are not a matter of opinion. */
function oraclesAgree(
  schema: Schema,
  dialect: OracleDialect,
  valid: readonly JsonValue[],
  invalid: readonly JsonValue[],
): boolean {
  const validators = [specValidator(schema, dialect), ...(ajvIsSure(schema) ? [ajvValidator(schema, dialect)] : [])];
  return validators.every(
    (says) => valid.every((value) => says(value) !== false) && invalid.every((value) => says(value) !== true),
  );
}

/** From every beginning of the text that is alive, the known way on leads to a member. */
function expectCompletions(automaton: JsonSchema["automaton"], text: string): void {
  const bytes = Buffer.from(text);
  for (let end = 0; end <= bytes.length; end++) {
    const state = stateAfter(automaton, bytes.subarray(0, end));
    if (state === DEAD) return;
    const completed = Buffer.concat([bytes.subarray(0, end), completionOf(automaton, state)]);
    expect({ completed: completed.toString(), accepted: accepts(automaton, completed) }).toEqual({
      completed: completed.toString(),
      accepted: true,
    });
  }
}
