import { compileRegex, EMPTY } from "@espalier/grammar";
import type { Keyword, KeywordContext } from "../compiler/keyword.ts";
import type { ContentLanguage } from "../content/content-language.ts";
import { ANYTHING } from "../formula/formula.ts";

export const contentMediaType: Keyword = {
  name: "contentMediaType",
  kind: "annotation",
  dialects: ["draft-07", "2019-09", "2020-12"],
  enforces: "nothing, unless the option `contents` says what such texts are",
  compile(value, context) {
    const language = contentLanguageOf(context.schema, context.options.contents);
    if (language !== undefined) restrictTo(language, `contents[${JSON.stringify(value)}]`, context);
  },
};

/** The language that the option `contents` has for the strings of a schema; undefined when they are encoded, or of no kind that it names. */
export function contentLanguageOf(
  schema: Readonly<Record<string, unknown>>,
  contents: KeywordContext["options"]["contents"],
): ContentLanguage | undefined {
  const type = schema["contentMediaType"];
  if (contents === undefined || typeof type !== "string" || schema["contentEncoding"] !== undefined) return undefined;
  return Object.hasOwn(contents, type) ? contents[type] : undefined;
}

function restrictTo(language: ContentLanguage, place: string, context: KeywordContext): void {
  const { arena, values } = context;
  const pointer = context.pointer("contentMediaType");
  if (language instanceof RegExp) {
    const term = compileRegex(arena, language.source, { flags: language.flags, match: "whole", place });
    context.restrict({ string: arena.intersect(term, arena.anyText) });
  } else if (language === "schema") {
    const { contentSchema } = context.schema;
    const value = contentSchema === undefined ? ANYTHING : context.subschema(contentSchema, "contentSchema");
    context.restrict({ string: EMPTY, content: values.contents.ofJson(value, pointer) });
  } else {
    const content =
      "rules" in language
        ? values.contents.ofGrammar(language, pointer)
        : values.contents.ofAutomaton("machine" in language ? language : language.automaton, pointer);
    context.restrict({ string: EMPTY, content });
  }
}
