import type { ToolCallFormat } from "../tool-call-format.ts";

/** The name and the arguments of each call behind special tokens of their own. */
export const mistralArgsFormat: ToolCallFormat = {
  name: "mistral-args",
  families: ["Mistral Small 3.2", "Magistral", "Devstral"],
  placement: "last",
  begin: ["[TOOL_CALLS]"],
  call: "{{name}}[ARGS]{{arguments}}",
  end: "",
  specialTokens: ["[TOOL_CALLS]", "[ARGS]"],
};
