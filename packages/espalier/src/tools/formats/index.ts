import type { ToolCallFormat } from "../tool-call-format.ts";
import { functionaryFormat } from "./functionary.ts";
import { hermesFormat } from "./hermes.ts";
import { jsonFormat } from "./json.ts";
import { llama3Format } from "./llama-3.ts";
import { mistralArgsFormat } from "./mistral-args.ts";
import { mistralFormat } from "./mistral.ts";

export type ToolCallFormatName = "json" | "hermes" | "llama-3" | "mistral" | "mistral-args" | "functionary";

/** The formats that are built in. A new one is a file in this folder, a name above and a line in this list. */
export const TOOL_CALL_FORMATS: Readonly<Record<ToolCallFormatName, ToolCallFormat>> = {
  json: jsonFormat,
  hermes: hermesFormat,
  "llama-3": llama3Format,
  mistral: mistralFormat,
  "mistral-args": mistralArgsFormat,
  functionary: functionaryFormat,
};
