import type { Grammar, PushdownAutomaton } from "@espalier/grammar";

/**
 * What the text of a string with a `contentMediaType` must be:
 *
 * - a regular expression that matches it from start to end;
 * - a grammar;
 * - an automaton, or something that has one (a `GrammarLanguage`, a `JsonSchema`);
 * - `"schema"`: JSON text, of a value that `contentSchema` accepts where the schema has one.
 */
export type ContentLanguage =
  | RegExp
  | Grammar
  | PushdownAutomaton
  | { readonly automaton: PushdownAutomaton }
  | "schema";

/** Languages of contents, by media type as schemas write it. */
export type ContentLanguages = Readonly<Record<string, ContentLanguage>>;

const numbers = new WeakMap<object, number>();
let count = 0;

/** A number for each language, the same for the same object. */
export function contentLanguageKey(language: ContentLanguage): string {
  if (language === "schema") return language;
  if (language instanceof RegExp) return String(language);
  let number = numbers.get(language);
  if (number === undefined) numbers.set(language, (number = count++));
  return `#${number}`;
}

/** Equal keys, equal languages: regular expressions by what they say, other languages by identity. For caches. */
export function contentLanguagesKey(contents: ContentLanguages | undefined): string {
  if (contents === undefined) return "";
  const entries = Object.entries(contents).map(([name, language]) => [name, contentLanguageKey(language)]);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
