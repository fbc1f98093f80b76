import type { ObjectFormula } from "./formula.ts";
import { namedKeys } from "./named-keys.ts";
import type { PlannedMember } from "./object-plans.ts";

/** Sorts members as the formula first names their keys: the order of the schema. */
export function inSchemaOrder(members: readonly PlannedMember[], formula: ObjectFormula): readonly PlannedMember[] {
  if (members.length < 2) return members;
  const rank = new Map<string, number>();
  for (const word of namedKeys([formula])) rank.set(word, rank.size);
  const rankOf = ({ key }: PlannedMember): number => rank.get(key) ?? rank.size;
  return members.toSorted((a, b) => rankOf(a) - rankOf(b));
}
