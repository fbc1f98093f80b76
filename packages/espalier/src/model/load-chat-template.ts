import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "@espalier/grammar";
import { ChatTemplate } from "./chat-template.ts";

/**
 * The chat template of a model folder: `chat_template.jinja`, or else `chat_template` in `tokenizer_config.json` (of several,
 * the one named `default`).
 * @returns `undefined` when the folder has none
 * @throws ModelError when a file cannot be read, or the template cannot be parsed
 * @internal
 */
export async function loadChatTemplate(folder: string): Promise<ChatTemplate | undefined> {
  const configPath = join(folder, "tokenizer_config.json");
  const config = asRecord(parse(await readIfThere(configPath), configPath));
  const variables = specialTokens(config);
  const templatePath = join(folder, "chat_template.jinja");
  const source = await readIfThere(templatePath);
  if (source !== undefined) return new ChatTemplate(source, { variables, place: templatePath });
  const inline = inlineTemplate(config["chat_template"]);
  return inline === undefined ? undefined : new ChatTemplate(inline, { variables, place: configPath });
}

/** `bos_token` and its like: a text, or an object whose `content` is the text. @internal */
export function specialTokens(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    if (!name.endsWith("_token")) continue;
    const content = typeof value === "string" ? value : asRecord(value)["content"];
    if (typeof content === "string") variables[name] = content;
  }
  return variables;
}

function inlineTemplate(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const named = value.map(asRecord);
  const chosen = named.find((entry) => entry["name"] === "default") ?? named[0];
  const template = chosen?.["template"];
  return typeof template === "string" ? template : undefined;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(path, cause);
  }
}

function parse(text: string | undefined, path: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): ModelError {
  return new ModelError({
    message: `${path} cannot be read: ${(cause as Error).message}`,
    place: path,
    hint: "The file is damaged or incomplete: fetch it again.",
    cause,
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
