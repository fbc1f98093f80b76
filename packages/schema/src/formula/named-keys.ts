import type { ObjectFormula } from "./formula.ts";

/**
 * The keys that a formula names, each list of them in its own order as far as the lists agree: a key that only a later branch
 * names comes before the first of its followers that an earlier branch named already.
 */
export function namedKeys(formulas: readonly ObjectFormula[]): string[] {
  const order: string[] = [];
  for (const formula of formulas) visit(formula, order);
  return order;
}

function visit(formula: ObjectFormula, order: string[]): void {
  if (formula.kind === "or") {
    for (const branch of formula.branches) visit(branch, order);
    return;
  }
  merge([...formula.words.keys(), ...formula.required], order);
  for (const clause of formula.clauses) visit(clause, order);
}

function merge(list: readonly string[], order: string[]): void {
  const place = new Map(order.map((key, i) => [key, i]));
  if (place.size === 0) {
    order.push(...new Set(list));
    return;
  }
  const inserted = new Map<number, string[]>();
  const seen = new Set<string>();
  let pending: string[] = [];
  for (const key of list) {
    if (seen.has(key)) continue;
    seen.add(key);
    const at = place.get(key);
    if (at === undefined) {
      pending.push(key);
    } else if (pending.length > 0) {
      inserted.set(at, [...(inserted.get(at) ?? []), ...pending]);
      pending = [];
    }
  }
  if (inserted.size === 0) {
    order.push(...pending);
    return;
  }
  const old = order.splice(0);
  old.forEach((key, i) => order.push(...(inserted.get(i) ?? []), key));
  order.push(...pending);
}
