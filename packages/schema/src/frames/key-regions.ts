import { EMPTY, type Term, type TermArena } from "@espalier/grammar";
import type { ObjectFormula } from "../formula/formula.ts";
import type { KeyView } from "../formula/object-steps.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";

/** Keys that no formula tells apart, as long as they are none of its words. */
export interface KeyRegion {
  readonly keys: Term;
  /** The sets of keys in formulas that hold all of them; the others hold none. */
  readonly inside: ReadonlySet<Term>;
}

/** Longer keys are not looked for among words. */
const MAX_LENGTH = 1_000;

/**
 * Cuts all keys but some words into regions that no formula looks into. Which region a word would be in says nothing.
 * @param words that count as none of the keys
 */
export function keyRegions(
  { arena, objects }: ValueAlgebra,
  formulas: readonly ObjectFormula[],
  words: readonly string[],
): readonly KeyRegion[] {
  const found = new Set<Term>();
  for (const formula of formulas) collectKeyTerms(formula, found);
  const cuts = [...found].filter((keys) => !isAmong(arena, keys, words));
  const everywhere = cuts.filter((keys) => isAllBut(arena, keys, words));
  let regions: (KeyRegion & { readonly outside: readonly Term[] })[] = [
    { keys: arena.anyText, inside: new Set(everywhere), outside: [] },
  ];
  for (const cut of cuts) {
    if (everywhere.includes(cut)) continue;
    const split: typeof regions = [];
    for (const region of regions) {
      arena.spend();
      const within = { ...region, inside: new Set([...region.inside, cut]) };
      const without = { ...region, outside: [...region.outside, cut] };
      if ([...region.inside].some((known) => objects.isWithin(known, cut))) {
        split.push(within);
        continue;
      }
      const isApart = region.outside.some((known) => objects.isWithin(cut, known));
      const inside = isApart ? EMPTY : arena.intersect(region.keys, cut);
      if (arena.isEmpty(inside)) {
        split.push(without);
        continue;
      }
      if (inside === region.keys) {
        split.push(within);
        continue;
      }
      split.push({ ...within, keys: inside });
      const outside = arena.difference(region.keys, cut);
      if (!arena.isEmpty(outside)) split.push({ ...without, keys: outside });
    }
    regions = split;
  }
  return regions;
}

/** Whether a set of keys has no others than `words`. */
function isAmong(arena: TermArena, keys: Term, words: readonly string[]): boolean {
  if (arena.maxLength(keys) > MAX_LENGTH) return false;
  const count = arena.cardinality(keys, words.length + 1);
  return count <= words.length && words.filter((word) => arena.acceptsText(keys, word)).length === count;
}

/** Whether a set of keys plainly has all others than `words`; false says nothing. */
function isAllBut(arena: TermArena, keys: Term, words: readonly string[]): boolean {
  if (arena.kindOf(keys) !== "intersect") return false;
  return arena.childrenOf(keys).every((factor) => {
    if (factor === arena.anyText) return true;
    return arena.kindOf(factor) === "complement" && isAmong(arena, arena.childrenOf(factor)[0], words);
  });
}

/** Any key of a region. */
export function regionView(arena: TermArena, region: KeyRegion): KeyView {
  return { word: undefined, matches: (keys) => keys === arena.anyText || region.inside.has(keys) };
}

function collectKeyTerms(formula: ObjectFormula, terms: Set<Term>): void {
  if (formula.kind === "or") {
    for (const branch of formula.branches) collectKeyTerms(branch, terms);
    return;
  }
  for (const rule of formula.rules) terms.add(rule.keys);
  for (const atom of formula.exists) terms.add(atom.keys);
  for (const clause of formula.clauses) collectKeyTerms(clause, terms);
}
