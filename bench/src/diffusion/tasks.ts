import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { json, regex, type Output } from "../../../packages/espalier/src/index.ts";

const HELD_OUT = fileURLToPath(new URL("../../../models/extract-ar/heldout.jsonl", import.meta.url));

export type TaskKind = "regex" | "JSON Schema";

/** A held-out example under one kind of constraint. */
export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly output: Output<unknown>;
  /** What the model is told, under every constraint and without one. */
  readonly instruction: string;
  readonly text: string;
  readonly schema: object;
  readonly answer: unknown;
}

interface Example {
  readonly id: string;
  readonly schema: ObjectSchema;
  readonly text: string;
  readonly answer: unknown;
}

interface ObjectSchema {
  readonly type: string;
  readonly properties?: Readonly<Record<string, { readonly type?: string; readonly enum?: readonly unknown[] }>>;
  readonly required?: readonly string[];
}

/** The first `limit` held-out examples of the bundled models, those that a regular expression can say as both kinds. */
export function readTasks(limit: number): Task[] {
  const lines = readFileSync(HELD_OUT, "utf8").trim().split("\n").slice(0, limit);
  return lines.flatMap((line): Task[] => {
    const { id, schema, text, answer } = JSON.parse(line) as Example;
    const schemaOutput = json(schema as object);
    const shared = { id, instruction: schemaOutput.instruction() ?? "", text, schema, answer };
    const pattern = patternOf(schema);
    return [
      { ...shared, kind: "JSON Schema", output: schemaOutput },
      ...(pattern === undefined ? [] : [{ ...shared, kind: "regex" as const, output: regex(pattern) }]),
    ];
  });
}

const SCALARS: Readonly<Record<string, string>> = {
  string: String.raw`"[^"\\\p{Cc}]*"`,
  integer: "(0|-?[1-9][0-9]{0,9})",
  number: String.raw`-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?`,
  boolean: "(true|false)",
};

/** An object of scalars without optional properties, as a pattern; `undefined` when the schema says more than that. */
function patternOf({ properties = {}, required = [] }: ObjectSchema): string | undefined {
  const names = Object.keys(properties);
  if (names.length === 0 || names.some((name) => !required.includes(name))) return undefined;
  const members: string[] = [];
  for (const name of names) {
    const { type = "", enum: values, ...others } = properties[name];
    const value = values?.map((each) => escaped(JSON.stringify(each))).join("|") ?? SCALARS[type];
    if (value === undefined || Object.keys(others).length > 0) return undefined;
    members.push(`${escaped(JSON.stringify(name))}: (?:${value})`);
  }
  return String.raw`\{${members.join(", ")}\}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
