import { callTemplate } from "./call-template.ts";
import type { ToolCallLanguage } from "./tool-call-language.ts";

/** What tells a model which tools there are and how to call them. @internal */
export function toolInstruction({ format, tools, hasText, isParallel }: ToolCallLanguage): string {
  const { beforeName, beforeArguments, after } = callTemplate(format);
  const listed = tools.map(({ name, description, jsonSchema }) =>
    JSON.stringify({ name, description, parameters: jsonSchema }),
  );
  const call = `${format.begin[0]}${format.open ?? ""}${beforeName}NAME${beforeArguments}ARGUMENTS${after}${format.end}`;
  const howMany = isParallel ? "one or more of these tools" : "one of these tools";
  return [
    hasText ? `You may call ${howMany}:` : `Call ${howMany}:`,
    ...listed,
    "To call a tool, write its name and its arguments as JSON, like this:",
    call,
  ].join("\n");
}
