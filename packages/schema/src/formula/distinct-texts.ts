import type { ConstantValues } from "./constant-values.ts";
import { NOTHING, type ValueId } from "./formula.ts";
import type { Membership } from "./membership.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import type { Witnesses } from "./witnesses.ts";

/** How many more scalars are tried than are needed, before a set is asked what it has beside those taken. */
const MORE_SCALARS = 64;

/**
 * Texts of different values, one out of each set; undefined when there are none.
 *
 * First come, first served, sets with few values first, and of a set that is asked again whatever plain scalars it has; where that fails, a maximum matching between sets and values (augmenting
 * paths, O(n³) steps for n sets; n values of each set are enough).
 */
export function distinctTexts(
  sets: readonly ValueId[],
  values: ValueAlgebra,
  constants: ConstantValues,
  membership: Membership,
  witnesses: Witnesses,
): readonly string[] | undefined {
  const without = (set: ValueId, taken: ValueId): ValueId =>
    taken === NOTHING ? set : values.and(set, values.not(taken));
  const sizes = new Map<ValueId, number>();
  const sizeOf = (set: ValueId): number => {
    let size = sizes.get(set);
    if (size === undefined) sizes.set(set, (size = roughSize(set, values)));
    return size;
  };
  const texts: string[] = [];
  const taken = new Set<ValueId>();
  /** By set that was asked before: plain scalars not yet looked at. */
  const plain = new Map<ValueId, Iterator<string>>();
  const textOf = (set: ValueId): string | undefined => {
    const candidates = plain.get(set);
    if (candidates === undefined) plain.set(set, plainScalars(order.length + MORE_SCALARS));
    for (let next = candidates?.next(); next?.done === false; next = candidates?.next()) {
      values.arena.spend();
      const text = next.value;
      if (membership.contains(set, JSON.parse(text)) && !taken.has(constants.ofText(text))) return text;
    }
    return witnesses.shortest(without(set, values.any([...taken])));
  };
  const order = sets.map((_, i) => i).sort((a, b) => sizeOf(sets[a]) - sizeOf(sets[b]));
  for (const i of order) {
    values.arena.spend();
    const text = textOf(sets[i]);
    if (text === undefined) return matched(sets, (set) => someMembers(set, sets.length));
    texts[i] = text;
    taken.add(constants.ofText(text));
  }
  return texts;

  function someMembers(set: ValueId, count: number): Map<ValueId, string> {
    const members = new Map<ValueId, string>();
    let known: ValueId = NOTHING;
    while (members.size < count) {
      values.arena.spend(1 + members.size);
      const text = witnesses.shortest(without(set, known));
      if (text === undefined) break;
      const member = constants.ofText(text);
      members.set(member, text);
      known = values.or(known, member);
    }
    return members;
  }

  function matched(
    all: readonly ValueId[],
    membersOf: (set: ValueId) => Map<ValueId, string>,
  ): readonly string[] | undefined {
    const members = new Map([...new Set(all)].map((set) => [set, membersOf(set)]));
    const owners = new Map<ValueId, number>();
    const give = (index: number, asked: Set<ValueId>): boolean => {
      for (const member of members.get(all[index])!.keys()) {
        values.arena.spend();
        if (asked.has(member)) continue;
        asked.add(member);
        const owner = owners.get(member);
        if (owner !== undefined && !give(owner, asked)) continue;
        owners.set(member, index);
        return true;
      }
      return false;
    };
    if (!all.every((_, index) => give(index, new Set()))) return undefined;
    const result: string[] = [];
    for (const [member, index] of owners) result[index] = members.get(all[index])!.get(member)!;
    return result;
  }
}

/** Different scalars that most sets have some of, short ones first: each of `count` integers is followed by its digits as a string. */
function* plainScalars(count: number): Generator<string, undefined> {
  for (let i = 0; i < count; i++) {
    yield `${i}`;
    yield `"${i}"`;
  }
  return undefined;
}

/** A rough count of the values of a set, to order choices by. */
function roughSize(set: ValueId, values: ValueAlgebra): number {
  const formula = values.expand(set);
  let count = 0;
  for (let bits = formula.literals; bits !== 0; bits &= bits - 1) count++;
  count += values.numbers.cardinality(formula.number, 64);
  count += values.arena.cardinality(formula.string, 64);
  if (formula.array !== values.arrays.none) count += 64;
  if (formula.object !== values.objects.none) count += 64;
  return count;
}
