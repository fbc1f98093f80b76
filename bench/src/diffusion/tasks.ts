import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { grammar, json, regex, type Output } from "../../../packages/espalier/src/index.ts";
import { isBracketed, schemaGrammar } from "./schema-grammar.ts";

const HELD_OUT = fileURLToPath(new URL("../../../models/extract-ar/heldout.jsonl", import.meta.url));

export type TaskKind = "regex" | "JSON Schema" | "CFG";

export const TASK_KINDS: readonly TaskKind[] = ["regex", "JSON Schema", "CFG"];

/** A held-out example under one kind of constraint. */
export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly output: Output<unknown>;
  /** What a text must be besides valid for the schema. */
  readonly accepts: (written: string) => boolean;
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

/** Of each kind, the first `limit` examples that it can say: of the held-out ones of the bundled models, or of a file like theirs. */
export function readTasks(limit: number, file: string = HELD_OUT): Task[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const examples = lines.map((line) => JSON.parse(line) as Example);
  const simple = examples.flatMap((example) => {
    const pattern = patternOf(example.schema);
    if (pattern === undefined) return [];
    const expression = new RegExp(`^${pattern}$`, "u");
    return [taskOf(example, "regex", regex(pattern), (written) => expression.test(written))];
  });
  const all = examples.map((example) => taskOf(example, "JSON Schema", json(example.schema as object), () => true));
  const contextFree = examples.flatMap((example) => {
    const source = schemaGrammar(example.schema);
    if (source === undefined) return [];
    return [taskOf(example, "CFG", grammar(source, { notation: "gbnf" }), isBracketed)];
  });
  return [...simple.slice(0, limit), ...all.slice(0, limit), ...contextFree.slice(0, limit)];
}

function taskOf(
  { id, schema, text, answer }: Example,
  kind: TaskKind,
  output: Output<unknown>,
  accepts: Task["accepts"],
): Task {
  const instruction = json(schema as object).instruction() ?? "";
  return { id, kind, output, accepts, instruction, text, schema, answer };
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
