import type { ToolCallFormat } from "../tool-call-format.ts";

/** A JSON array of calls behind a special token. */
export const mistralFormat: ToolCallFormat = {
  name: "mistral",
  families: ["Mistral 7B Instruct v0.3", "Mistral Nemo", "Mistral Large 2"],
  placement: "last",
  begin: ["[TOOL_CALLS]"],
  open: "[",
  call: '{"name": "{{name}}", "arguments": {{arguments}}}',
  between: ", ",
  end: "]",
  specialTokens: ["[TOOL_CALLS]"],
};
