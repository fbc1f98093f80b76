import { json, regex, signature, type Model, type Output } from "../../../packages/espalier/src/index.ts";
import type { Constraint, TokenId } from "../../../packages/grammar/src/index.ts";

/** A finite language, and a prompt after which the bundled model distributes itself over it. */
export interface AlignmentTask {
  readonly name: string;
  readonly about: string;
  readonly constraint: Constraint;
  readonly prompt: readonly TokenId[];
  /** The target has outputs of at most this many tokens, which keeps the tokenizations of one text few enough to list. */
  readonly maxTokens: number;
}

/** Configuration of Dependabot: how often to look for updates. */
const UPDATE_SCHEDULE = {
  type: "object",
  properties: { interval: { enum: ["daily", "weekly", "monthly"] } },
  required: ["interval"],
  additionalProperties: false,
} as const;

/** Configuration of the Prettier formatter. */
const LINE_ENDINGS = {
  type: "object",
  properties: { endOfLine: { enum: ["auto", "lf", "crlf", "cr"] } },
  required: ["endOfLine"],
  additionalProperties: false,
} as const;

/** The built-in tasks. */
export function alignmentTasks(model: Model): AlignmentTask[] {
  return [
    task(model, {
      name: "binary strings",
      about: "00000, or any string of five binary digits that begins with 1 (Park et al., 2024, section 2)",
      output: regex(/00000|1[01]{4}/),
      text: "Write a random binary string of five digits.",
      maxTokens: 5,
    }),
    task(model, {
      name: "update schedule",
      about: "part of Dependabot's configuration; at most one space wherever JSON allows some",
      output: json(UPDATE_SCHEDULE, { whitespace: " ?" }),
      instruction: `Answer as JSON: ${signature(UPDATE_SCHEDULE)}`,
      text: "Check for updates every month.",
      maxTokens: 9,
    }),
    task(model, {
      name: "line endings",
      about: "part of Prettier's configuration; at most one space wherever JSON allows some",
      output: json(LINE_ENDINGS, { whitespace: " ?" }),
      instruction: `Answer as JSON: ${signature(LINE_ENDINGS)}`,
      text: "Line endings: whatever the file has already",
      maxTokens: 10,
    }),
  ];
}

interface TaskOptions {
  readonly name: string;
  readonly about: string;
  readonly output: Output<unknown>;
  readonly instruction?: string;
  readonly text: string;
  readonly maxTokens: number;
}

function task(model: Model, { name, about, output, instruction, text, maxTokens }: TaskOptions): AlignmentTask {
  const user = { role: "user", content: text };
  const messages = instruction === undefined ? [user] : [{ role: "system", content: instruction }, user];
  const prompt = model.tokenizer.encode(model.chatTemplate!.render(messages));
  return { name, about, constraint: output.compile(model.vocabulary)!, prompt, maxTokens };
}
