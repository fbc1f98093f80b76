import type { ToolCallFormat } from "../tool-call-format.ts";

/** A JSON object a line: for models that were trained on nothing else. */
export const jsonFormat: ToolCallFormat = {
  name: "json",
  families: ["any"],
  placement: "whole",
  begin: [""],
  call: '{"name": "{{name}}", "arguments": {{arguments}}}',
  between: "\n",
  end: "",
};
