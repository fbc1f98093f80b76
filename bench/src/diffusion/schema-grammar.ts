/** What of a JSON Schema can be said here. */
export interface SimpleSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly SimpleSchema[];
  readonly items?: SimpleSchema;
  readonly properties?: Readonly<Record<string, SimpleSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  integer: "integer",
  number: "number",
  boolean: '("true" | "false")',
  null: '"null"',
};

const KEYWORDS = new Set(["type", "enum", "const", "anyOf", "items", "properties", "required", "additionalProperties"]);

/**
 * JSON texts of a schema as a context-free grammar (GBNF): members in order, one way of spacing, and round brackets
 * in strings are closed where they are opened, which no regular language and no schema can say. `undefined` when the schema says more than
 * that.
 */
export function schemaGrammar(schema: SimpleSchema): string | undefined {
  const rules: string[] = [];
  const value = valueOf(schema, rules);
  if (value === undefined) return undefined;
  return [
    `root ::= ${value}`,
    ...rules,
    String.raw`string ::= "\"" bracketed "\""`,
    String.raw`bracketed ::= ([^"\\()\x00-\x1f] | "(" bracketed ")")*`,
    'integer ::= "0" | "-"? [1-9] [0-9]{0,9}',
    'number ::= "-"? ("0" | [1-9] [0-9]{0,9}) ("." [0-9]{1,6})?',
  ].join("\n");
}

/** Whether the round brackets of a text are closed where they are opened: what the grammar says beyond the schema. */
export function isBracketed(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    else if (character === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

function valueOf(schema: SimpleSchema, rules: string[]): string | undefined {
  if (Object.keys(schema).some((keyword) => !KEYWORDS.has(keyword))) return undefined;
  if (schema.const !== undefined) return literal(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return choice(schema.enum.map((each) => literal(JSON.stringify(each))));
  if (schema.anyOf !== undefined) return choice(schema.anyOf.map((each) => valueOf(each, rules)));
  if (schema.type === "array") {
    const item = valueOf(schema.items ?? {}, rules);
    return item && `"[" (${item} (", " ${item})*)? "]"`;
  }
  return schema.type === "object" ? objectOf(schema, rules) : SCALARS[schema.type ?? ""];
}

function objectOf(
  { properties = {}, required = [], additionalProperties }: SimpleSchema,
  rules: string[],
): string | undefined {
  if (additionalProperties !== false) return undefined;
  const names = Object.keys(properties);
  const values = names.map((name) => valueOf(properties[name], rules));
  if (values.includes(undefined)) return undefined;
  const prefix = `members-${rules.length}`;
  const ruleName = (index: number, isFirst: boolean): string => `${prefix}-${index}-${isFirst ? "first" : "rest"}`;
  names.forEach((name, index) => {
    for (const isFirst of [true, false]) {
      const member = `${literal(`${isFirst ? "" : ", "}${JSON.stringify(name)}: `)} ${values[index]} ${ruleName(index + 1, false)}`;
      const without = required.includes(name) ? "" : ` | ${ruleName(index + 1, isFirst)}`;
      rules.push(`${ruleName(index, isFirst)} ::= ${member}${without}`);
    }
  });
  for (const isFirst of [true, false]) rules.push(`${ruleName(names.length, isFirst)} ::= ""`);
  return `"{" ${ruleName(0, true)} "}"`;
}

function choice(alternatives: readonly (string | undefined)[]): string | undefined {
  return alternatives.includes(undefined) ? undefined : `(${alternatives.join(" | ")})`;
}

/** A literal of GBNF: its escapes are those of JSON. */
function literal(text: string): string {
  return JSON.stringify(text);
}
