import { EMPTY, type Result, type Term } from "@espalier/grammar";
import { MANY } from "../formula/abundance.ts";
import type { ObjectConjunction, ObjectFormula, ValueId } from "../formula/formula.ts";
import type { KeyView, ObjectSteps } from "../formula/object-steps.ts";
import type { ObjectProgress, PlannedMember } from "../formula/object-plans.ts";
import type { Satisfiability } from "../formula/satisfiability.ts";
import { asked, type Acceptance } from "../formula/sufficient-sets.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";
import type { LabelSets } from "./label-sets.ts";
import { keyRegions, regionView, type KeyRegion } from "./key-regions.ts";
import { NameSets } from "./name-sets.ts";
import type { Aim, Member, ObjectPlace, ObjectState } from "./object-state.ts";
import { ObjectStateTable } from "./object-state-table.ts";
import { Outlooks, type UnnamedKeys } from "./outlooks.ts";
import { shortestUnused } from "./shortest-unused.ts";
import type { Slots } from "./slot.ts";
import type { OtherRegion } from "./other-keys.ts";

export type PropertyOrder = "schema" | "any";

/** A state before it is known whether there is one: formulas may be impossible. */
type StateContent = ObjectPlace & Pick<Aim, "labels" | "formulas" | "goal">;

export interface KeyChoices {
  readonly words: readonly string[];
  /** The language of other keys, those in `used` included. */
  readonly other: Term;
  /** The same by regions. */
  readonly regions: readonly OtherRegion[];
  /** The keys that are not open as members of `other`: all words, and what was used up. */
  readonly used: readonly string[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The states of objects being read, interned by content, and the steps between them. */
export class ObjectStates {
  readonly #values: ValueAlgebra;
  readonly #steps: ObjectSteps;
  readonly #satisfiability: Satisfiability;
  readonly #labelSets: LabelSets;
  readonly #slots: Slots;
  readonly #order: PropertyOrder;
  readonly #table = new ObjectStateTable();
  readonly #choices = new Map<ObjectState, KeyChoices>();
  /** By aim and words. */
  readonly #regions = new Map<string, readonly KeyRegion[]>();
  readonly #outlooks = new Outlooks<Member>();
  readonly #names = new NameSets();
  #memberCount = 0;

  constructor(
    values: ValueAlgebra,
    steps: ObjectSteps,
    satisfiability: Satisfiability,
    labelSets: LabelSets,
    slots: Slots,
    order: PropertyOrder,
  ) {
    this.#values = values;
    this.#steps = steps;
    this.#satisfiability = satisfiability;
    this.#labelSets = labelSets;
    this.#slots = slots;
    this.#order = order;
  }

  /** The state after `{`; undefined when no object meets a goal. */
  open(
    labels: readonly number[],
    formulas: readonly ObjectFormula[],
    goal: readonly number[],
  ): ObjectState | undefined {
    return this.#state({
      labels,
      formulas,
      goal,
      words: this.#table.wordsOf(formulas),
      position: 0,
      used: this.#names.empty,
      otherKeys: [],
      unknownKey: false,
      memberCount: 0,
    });
  }

  /** The keys that may come next. */
  choices(state: ObjectState): KeyChoices {
    let choices = this.#choices.get(state);
    if (choices === undefined) {
      choices = { words: this.#openWords(state), ...this.#otherKeys(state) };
      this.#choices.set(state, choices);
    }
    return choices;
  }

  /** What is asked of the value under a key; undefined when the key cannot be used. */
  member(state: ObjectState, key: { word: string } | { other: string }): Member | undefined {
    const isWord = "word" in key;
    const text = isWord ? key.word : key.other;
    const { members } = state.outlook;
    const memberKey = `${isWord ? "w" : "o"}${text}`;
    if (members.has(memberKey)) return members.get(memberKey);
    const member = this.#member(state, this.#keyView(text, isWord), isWord ? undefined : text);
    members.set(memberKey, member);
    return member;
  }

  #keyView(text: string, isWord: boolean): KeyView {
    let bytes: Uint8Array | undefined;
    return {
      word: isWord ? text : undefined,
      matches: (keys) => this.#values.arena.accepts(keys, (bytes ??= encoder.encode(text))),
    };
  }

  /**
   * The member under a key outside the words that is not known, when nothing depends on which it is.
   * @param index of the region that it is in
   */
  anonymousMember(state: ObjectState, index: number): Member | undefined {
    const { members } = state.outlook;
    const memberKey = `?${index}`;
    if (members.has(memberKey)) return members.get(memberKey);
    const { formulas } = state.aim;
    const regions = this.#regionsOf(state);
    // Of a region that something looks into, a key less may be what matters.
    if (regions.length > 1 && this.#outlooks.looksForOthers(formulas)) return undefined;
    const member = this.#member(state, this.#regionView(state, regions[index]), undefined);
    members.set(memberKey, member);
    return member;
  }

  /** Keys that no schema names, one of each kind that the state tells apart; none where all are of one kind. */
  otherKeySamples(state: ObjectState): string[] {
    const regions = this.#regionsOf(state);
    if (regions.length === 1) return [];
    return regions.flatMap((region) => {
      const sample = this.#isOpen(state, region) ? this.#unusedKey(state, region) : undefined;
      return sample === undefined ? [] : [sample];
    });
  }

  #regionsOf({ aim, words }: ObjectState): readonly KeyRegion[] {
    const key = `${aim.id},${words.id}`;
    let regions = this.#regions.get(key);
    if (regions === undefined) {
      regions = keyRegions(this.#values, aim.formulas, words.list);
      this.#regions.set(key, regions);
    }
    return regions;
  }

  /** Whether a key of the region, whichever, may come next. */
  #isOpen(state: ObjectState, region: KeyRegion): boolean {
    const { arena } = this.#values;
    const isScarce = this.#outlooks.looksForOthers(state.aim.formulas) && arena.cardinality(region.keys, MANY) < MANY;
    if (!isScarce) return this.#member(state, this.#regionView(state, region), undefined) !== undefined;
    // With that key one less is left for what is looked for.
    const key = this.#unusedKey(state, region);
    return key !== undefined && this.member(state, { other: key }) !== undefined;
  }

  /** Any key of a region. In schema order the words that are left are past then, and formulas speak of keys without them. */
  #regionView(state: ObjectState, region: KeyRegion): KeyView {
    const view = regionView(this.#values.arena, region);
    if (this.#order === "any" || state.position >= state.words.list.length) return view;
    const skipped = state.words.list.slice(state.position);
    const inside = new Set([...region.inside].map((keys) => this.#steps.keysWithout(keys, skipped)));
    return { word: undefined, matches: (keys) => view.matches(keys) || inside.has(keys) };
  }

  #unusedKey(state: ObjectState, { keys }: KeyRegion): string | undefined {
    const taken = [...state.words.list, ...state.otherKeys].map((key) => encoder.encode(key));
    const key = shortestUnused(this.#values.arena, keys, taken);
    return key && decoder.decode(key);
  }

  /** The state after a member whose value ended with `result`. */
  afterMember(state: ObjectState, member: Member, result: Result): ObjectState {
    if (this.#isFree(state)) return this.#table.state(state.aim, this.#taken(state, member), () => state.outlook);
    const holding = new Set<ValueId>();
    for (const label of this.#labelSets.labelsOf(result)) {
      for (const value of member.implied[label]) holding.add(value);
    }
    const before = this.#closed(state, member);
    const formulas = before.formulas.map((formula) =>
      this.#steps.after(formula, member.view, (value) => holding.has(value)),
    );
    const after = this.#state({ ...before, formulas });
    if (after === undefined) throw new Error("Broken invariant: a member that was allowed leaves no way on.");
    return after;
  }

  /** What the object tells when it ends here; -1 when it cannot. */
  endResult(state: ObjectState): Result {
    const has = this.#has(state);
    const { labels, formulas, goal } = state.aim;
    const holding = labels.filter((_, i) => this.#steps.holdsAtEnd(formulas[i], has, state.memberCount));
    return holding.some((label) => goal.includes(label)) ? this.#labelSets.intern(holding) : -1;
  }

  /** Members that complete the object. */
  plan(state: ObjectState): PlannedMember[] {
    let best: PlannedMember[] | undefined;
    const { labels, formulas, goal } = state.aim;
    labels.forEach((label, i) => {
      if (!goal.includes(label)) return;
      const plan = this.#satisfiability.objects.beginning(formulas[i], this.#progress(state));
      if (plan !== undefined && (best === undefined || plan.length < best.length)) best = plan;
    });
    if (best === undefined) throw new Error("Broken invariant: an object that cannot be completed.");
    return best;
  }

  /** The first member of {@link plan}; undefined when the object may end. */
  firstPlanned(state: ObjectState): PlannedMember | undefined {
    const { simple } = state.aim;
    if (simple === undefined) return this.plan(state)[0];
    // Only what is required is planned then. To plan all of it for each of many members would take the square of their number.
    const { list } = state.words;
    const planned = (key: string): PlannedMember => ({ key, value: this.#values.objects.selection(simple, key) });
    if (this.#order === "any") {
      for (const word of simple.required) if (!state.used.has(word)) return planned(word);
      return undefined;
    }
    for (let i = state.position; i < list.length; i++) if (simple.required.has(list[i])) return planned(list[i]);
    return undefined;
  }

  #member(state: ObjectState, view: KeyView, other: string | undefined): Member | undefined {
    const shape = { word: view.word, other, view };
    if (this.#isFree(state)) {
      this.#values.arena.spend();
      const selection = this.#steps.selection(state.aim.simple, view);
      if (!this.#satisfiability.isSatisfiable(selection)) return undefined;
      const slot = this.#slots.ofOne(this.#values.canonical(selection));
      return { id: this.#memberCount++, ...shape, slot, implied: [[selection, ...asked(selection)]] };
    }
    const before = this.#closed(state, shape);
    const progress = this.#progress(before);
    const tracked = new Set<ValueId>();
    const sufficient = new Map<ValueId, readonly ValueId[]>();
    before.labels.forEach((label, i) => {
      const formula = before.formulas[i];
      this.#steps.track(formula, view, tracked);
      if (!before.goal.includes(label)) return;
      const accepts = (values: readonly ValueId[], rest: ObjectFormula): Acceptance =>
        this.#satisfiability.isSatisfiable(this.#values.all(values)) &&
        this.#satisfiability.objects.canFinish(rest, progress)
          ? "all"
          : "none";
      for (const values of this.#steps.sufficient(formula, view, accepts)) {
        sufficient.set(this.#values.all(values), values);
      }
    });
    if (sufficient.size === 0) return undefined;
    if (sufficient.size === 1 && [...tracked].every((value) => [...sufficient.values()][0].includes(value)))
      tracked.clear();
    const slot = this.#slots.of([...tracked], [...sufficient.keys()]);
    const implied = slot.values.map((value) => [value, ...(sufficient.get(value) ?? [])]);
    return { id: this.#memberCount++, ...shape, slot, implied };
  }

  /** Whether members may come in any order, and none of them changes what is asked of the others. */
  #isFree(state: ObjectState): state is ObjectState & { readonly aim: { readonly simple: ObjectConjunction } } {
    return this.#order === "any" && state.aim.simple !== undefined;
  }

  /** In any order: the place with the member's key used up. */
  #taken(place: ObjectPlace, { word, other }: Pick<Member, "word" | "other">): ObjectPlace {
    return word === undefined
      ? { ...place, ...this.#withOther(place, other) }
      : { ...place, used: this.#names.with(place.used, word) };
  }

  /** The state as it is while the value under the member's key is read: the key used up, words skipped by it past. */
  #closed(state: ObjectState, member: Pick<Member, "word" | "other">): StateContent {
    const { labels, formulas, goal } = state.aim;
    const memberCount = formulas.some((formula) => formula.counts) ? state.memberCount + 1 : 0;
    if (this.#order === "any") return { ...this.#taken(state, member), memberCount, labels, formulas, goal };
    const { list, index } = state.words;
    const position = member.word === undefined ? list.length : index.get(member.word)! + 1;
    const skipped = list.slice(state.position, member.word === undefined ? position : position - 1);
    const left = formulas.map((formula) => this.#steps.withoutWords(formula, skipped));
    const closed = { ...state, memberCount, labels, formulas: left, goal, position };
    return member.word === undefined ? { ...closed, ...this.#withOther(state, member.other) } : closed;
  }

  #withOther(place: ObjectPlace, other: string | undefined): Pick<ObjectPlace, "otherKeys" | "unknownKey"> {
    if (other === undefined) return { otherKeys: place.otherKeys, unknownKey: true };
    return { otherKeys: inserted(place.otherKeys, other), unknownKey: place.unknownKey };
  }

  #openWords(state: ObjectState): string[] {
    const open: string[] = [];
    const inOrder = this.#order === "schema";
    const { simple } = state.aim;
    if (simple !== undefined) {
      // Nothing but the value's own set decides; asking for the member would keep a record for every word of every state.
      for (let i = state.position; i < state.words.list.length; i++) {
        const word = state.words.list[i];
        if (!inOrder && state.used.has(word)) continue;
        this.#values.arena.spend();
        if (this.#satisfiability.isSatisfiable(this.#values.objects.selection(simple, word))) open.push(word);
        if (inOrder && simple.required.has(word)) break;
      }
      return open;
    }
    if (!inOrder) {
      for (const word of state.words.list) {
        if (!state.used.has(word) && this.member(state, { word }) !== undefined) open.push(word);
      }
      return open;
    }
    let { formulas } = state.aim;
    for (let i = state.position; i < state.words.list.length; i++) {
      const word = state.words.list[i];
      if (this.member(state, { word }) !== undefined) open.push(word);
      formulas = formulas.map((one) => this.#steps.withoutWords(one, [word]));
      if (formulas.every((one) => one === this.#values.objects.none)) break;
    }
    return open;
  }

  #otherKeys(state: ObjectState): Pick<KeyChoices, "other" | "regions" | "used"> {
    const { other, regions } = (state.outlook.unnamed ??= this.#unnamed(state));
    if (other === EMPTY) return { other, regions, used: [] };
    // Words and used keys are kept out of the terms: the objects of all schemas then share most positions inside their keys.
    const { list } = state.words;
    const used = state.otherKeys.length === 0 ? list : [...list, ...state.otherKeys];
    const isUsedUp =
      this.#values.arena.cardinality(other, used.length + 1) <= used.length && this.#coversAll(other, used);
    return isUsedUp ? { other: EMPTY, regions: [], used: [] } : { other, regions, used };
  }

  /** The keys that may come next if they are no words, used ones included. */
  #unnamed(state: ObjectState): UnnamedKeys {
    const { arena } = this.#values;
    const all = this.#regionsOf(state);
    const regions = all.flatMap((region, index) => (this.#isOpen(state, region) ? [{ keys: region.keys, index }] : []));
    const other =
      regions.length === all.length
        ? arena.anyText
        : regions.reduce((keys, region) => arena.union(keys, region.keys), EMPTY);
    return { other, regions };
  }

  #coversAll(language: Term, words: readonly string[]): boolean {
    const { arena } = this.#values;
    return arena.isEmpty(arena.difference(language, arena.words(words)));
  }

  #state(content: StateContent): ObjectState | undefined {
    const { objects } = this.#values;
    const labels: number[] = [];
    const formulas: ObjectFormula[] = [];
    content.labels.forEach((label, i) => {
      if (content.formulas[i] === objects.none) return;
      labels.push(label);
      formulas.push(content.formulas[i]);
    });
    const progress = this.#progress(content);
    const goal = content.goal.filter((label) => {
      const i = labels.indexOf(label);
      return i >= 0 && this.#satisfiability.objects.canFinish(formulas[i], progress);
    });
    if (goal.length === 0) return undefined;
    const aim = this.#table.aim(labels, formulas, goal);
    return this.#table.state(aim, content, () =>
      this.#order === "any" ? this.#outlooks.of(aim, content.words, content.used) : this.#outlooks.alone(),
    );
  }

  #progress(state: ObjectPlace): ObjectProgress {
    const { index, list } = state.words;
    const has = this.#has(state);
    const { position, otherKeys, memberCount } = state;
    const rank = (key: string): number => index.get(key) ?? list.length;
    const isOpen =
      this.#order === "any"
        ? (word: string) => !has(word) && !otherKeys.includes(word)
        : (word: string) => rank(word) >= position && !otherKeys.includes(word);
    const order = this.#order === "any" ? undefined : (a: string, b: string) => rank(a) - rank(b);
    return { isOpen, has, otherKeys, memberCount, order };
  }

  /** Which words are keys already. In schema order, formulas that need a word that was skipped are gone, so "past" will do. */
  #has(state: ObjectPlace): (word: string) => boolean {
    if (this.#order === "any") return (word) => state.used.has(word);
    return (word) => {
      const i = state.words.index.get(word);
      return i !== undefined && i < state.position;
    };
  }
}

function inserted(list: readonly string[], item: string): readonly string[] {
  return [...list, item].sort();
}
