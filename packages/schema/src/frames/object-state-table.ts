import { IntTripleTable } from "@espalier/grammar";
import type { ObjectFormula } from "../formula/formula.ts";
import { namedKeys } from "../formula/named-keys.ts";
import type { Aim, NamedWords, ObjectPlace, ObjectState } from "./object-state.ts";
import { isSimple } from "./outlooks.ts";

/** The states of objects, and what they are made of, by content. */
export class ObjectStateTable {
  readonly #aims = new Map<string, Aim>();
  readonly #wordLists = new Map<string, NamedWords>();
  /** Of lists with just one formula. */
  readonly #wordsOf = new Map<ObjectFormula, NamedWords>();
  readonly #otherKeys = new Map<string, number>();
  /** Of aim, words, and used words. */
  readonly #situations = new IntTripleTable();
  /** Of position and whether there is an unknown key, other keys, and number of members. */
  readonly #progress = new IntTripleTable();
  /** Of both. */
  readonly #ids = new IntTripleTable();
  readonly #states: (ObjectState | undefined)[] = [];

  aim(labels: readonly number[], formulas: readonly ObjectFormula[], goal: readonly number[]): Aim {
    const key = `${labels.join()};${formulas.map((formula) => formula.id).join()};${goal.join()}`;
    let aim = this.#aims.get(key);
    if (aim === undefined) {
      const [formula] = formulas;
      const simple = formulas.length === 1 && isSimple(formula) ? formula : undefined;
      aim = { id: this.#aims.size, labels, formulas, goal, simple };
      this.#aims.set(key, aim);
    }
    return aim;
  }

  /** All keys that formulas name. */
  wordsOf(formulas: readonly ObjectFormula[]): NamedWords {
    if (formulas.length !== 1) return this.#wordsOfAll(formulas);
    let words = this.#wordsOf.get(formulas[0]);
    if (words === undefined) this.#wordsOf.set(formulas[0], (words = this.#wordsOfAll(formulas)));
    return words;
  }

  #wordsOfAll(formulas: readonly ObjectFormula[]): NamedWords {
    const list = namedKeys(formulas);
    const key = JSON.stringify(list);
    let words = this.#wordLists.get(key);
    if (words === undefined) {
      words = { id: this.#wordLists.size, list, index: new Map(list.map((word, i) => [word, i])) };
      this.#wordLists.set(key, words);
    }
    return words;
  }

  /** @param outlook asked for when there is no such state yet */
  state(aim: Aim, place: ObjectPlace, outlook: () => ObjectState["outlook"]): ObjectState {
    const { words, position, used, otherKeys, unknownKey, memberCount } = place;
    const situation = this.#situations.intern(aim.id, words.id, used.id);
    const progress = this.#progress.intern(position * 2 + (unknownKey ? 1 : 0), this.#idOf(otherKeys), memberCount);
    const id = this.#ids.intern(situation, progress, 0);
    return (this.#states[id] ??= {
      id,
      aim,
      words,
      position,
      used,
      otherKeys,
      unknownKey,
      memberCount,
      outlook: outlook(),
    });
  }

  #idOf(otherKeys: readonly string[]): number {
    if (otherKeys.length === 0) return 0;
    const key = JSON.stringify(otherKeys);
    let id = this.#otherKeys.get(key);
    if (id === undefined) this.#otherKeys.set(key, (id = this.#otherKeys.size + 1));
    return id;
  }
}
