import type { ToolCallFormat } from "../tool-call-format.ts";

/** A message of JSON objects whose arguments are called parameters; Llama's tag for tools may stand before them. */
export const llama3Format: ToolCallFormat = {
  name: "llama-3",
  families: ["Llama 3.1", "Llama 3.2", "Llama 3.3"],
  placement: "whole",
  begin: ["", "<|python_tag|>"],
  call: '{"name": "{{name}}", "parameters": {{arguments}}}',
  between: "; ",
  end: "",
  specialTokens: ["<|python_tag|>"],
};
