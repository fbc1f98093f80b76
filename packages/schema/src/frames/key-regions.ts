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

/** Cuts all keys into regions that no formula looks into. */
export function keyRegions({ arena, objects }: ValueAlgebra, formulas: readonly ObjectFormula[]): readonly KeyRegion[] {
  const cuts = new Set<Term>();
  for (const formula of formulas) collectKeyTerms(formula, cuts);
  let regions: (KeyRegion & { readonly outside: readonly Term[] })[] = [
    { keys: arena.anyText, inside: new Set(), outside: [] },
  ];
  for (const cut of cuts) {
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
