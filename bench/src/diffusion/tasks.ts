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

/** Of each kind, the first `limit` held-out examples of the bundled models that it can say. */
export function readTasks(limit: number): Task[] {
  const lines = readFileSync(HELD_OUT, "utf8").trim().split("\n");
  const examples = lines.map((line) => JSON.parse(line) as Example);
  const simple = examples.flatMap((example) => {
    const pattern = patternOf(example.schema);
    return pattern === undefined ? [] : [taskOf(example, "regex", regex(pattern))];
  });
  const all = examples.map((example) => taskOf(example, "JSON Schema", json(example.schema as object)));
  return [...simple.slice(0, limit), ...all.slice(0, limit)];
}

function taskOf({ id, schema, text, answer }: Example, kind: TaskKind, output: Output<unknown>): Task {
  const instruction = json(schema as object).instruction() ?? "";
  return { id, kind, output, instruction, text, schema, answer };
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
