import type { ToolCallFormat } from "../tool-call-format.ts";

/** XML-like tags around a JSON object, anywhere in the text. */
export const hermesFormat: ToolCallFormat = {
  name: "hermes",
  families: ["Hermes 2 Pro", "Hermes 3", "Qwen 2.5", "Qwen 3"],
  placement: "anywhere",
  begin: ["<tool_call>"],
  open: "\n",
  call: '{"name": "{{name}}", "arguments": {{arguments}}}',
  end: "\n</tool_call>",
  betweenBlocks: "\n",
  specialTokens: ["<tool_call>", "</tool_call>"],
};
