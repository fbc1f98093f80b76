import type { ObjectConjunction, ObjectFormula, ValueId } from "../formula/formula.ts";
import type { KeyView } from "../formula/object-steps.ts";
import type { NameSet } from "./name-sets.ts";
import type { Outlook } from "./outlooks.ts";
import type { Slot } from "./slot.ts";

/** What is asked of an object. Equal content, one object. */
export interface Aim {
  readonly id: number;
  /** The formulas that may still hold, by label. */
  readonly labels: readonly number[];
  readonly formulas: readonly ObjectFormula[];
  /** Labels of which one must hold in the end. */
  readonly goal: readonly number[];
  /** The only formula, where any member leaves it as it is; undefined for others. */
  readonly simple: ObjectConjunction | undefined;
}

/** How much of an object has been read. */
export interface ObjectPlace {
  /** All keys that the formulas name. */
  readonly words: NamedWords;
  /** In schema order: how many of `words` are past. In any order: 0. */
  readonly position: number;
  /** In any order: the words that are keys already. */
  readonly used: NameSet;
  /** Keys outside `words` that were used, ascending. */
  readonly otherKeys: readonly string[];
  /** True when a key outside `words` was used that is not known. */
  readonly unknownKey: boolean;
  /** Members so far; 0 throughout when no formula counts them. */
  readonly memberCount: number;
}

/** An object whose members so far have been read. */
export interface ObjectState extends ObjectPlace {
  readonly id: number;
  readonly aim: Aim;
  readonly outlook: Outlook<Member>;
}

/** The keys that formulas name, in schema order. Equal lists are one object. */
export interface NamedWords {
  readonly id: number;
  readonly list: readonly string[];
  readonly index: ReadonlyMap<string, number>;
}

/** A key that was read, with what is asked of its value. */
export interface Member {
  readonly id: number;
  readonly word: string | undefined;
  /** The key when it is none of the words and is known. */
  readonly other: string | undefined;
  readonly view: KeyView;
  readonly slot: Slot;
  /** For each label of the slot, the sets that hold when it does. */
  readonly implied: readonly (readonly ValueId[])[];
}
