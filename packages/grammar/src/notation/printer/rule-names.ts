import type { Grammar, GrammarRule } from "../../cfg/grammar.ts";

/**
 * Names that a notation can spell, one for each rule: its own where that will do.
 * @param spell what of a name the notation can spell; not empty
 * @param reserved a name that only the start rule may have
 */
export function ruleNames(
  grammar: Grammar,
  spell: (rule: GrammarRule) => string,
  reserved: string,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>([reserved]);
  // Those that need no change come first, so that they keep their name.
  const rules = [...grammar.rules.values()];
  const unchanged = rules.filter((rule) => spell(rule) === rule.name);
  for (const rule of [...unchanged, ...rules]) {
    if (names.has(rule.name)) continue;
    let name = spell(rule);
    if (!(rule.name === grammar.start && name === reserved)) {
      const separator = /[A-Z]/.test(name) || name.includes("_") ? "_" : "-";
      for (let number = 2; taken.has(name); number++) name = `${spell(rule)}${separator}${number}`;
    }
    taken.add(name);
    names.set(rule.name, name);
  }
  return names;
}
