import type { ToolCallFormat } from "../tool-call-format.ts";

/** A tag with the name of the tool around its arguments, anywhere in the text. */
export const functionaryFormat: ToolCallFormat = {
  name: "functionary",
  families: ["Functionary 3.1", "Llama 3 with custom tools"],
  placement: "anywhere",
  begin: ["<function="],
  call: "{{name}}>{{arguments}}",
  end: "</function>",
};
