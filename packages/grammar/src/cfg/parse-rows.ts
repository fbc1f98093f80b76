import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { Continuations, localContinuation } from "./continuations.ts";
import type { LeftUse, NetworkTables, Place } from "./network-tables.ts";
import { PlaceSet } from "./place-set.ts";
import type { Nonterminal, ProductionSymbol } from "./productions.ts";
import { strongComponents } from "./strong-components.ts";
import type { Label } from "./terminal-table.ts";
import {
  continuationOf,
  CONTINUATIONS,
  hashThreads,
  placeOf,
  sameThreads,
  threadOf,
  type Continuation,
  type Thread,
} from "./threads.ts";

/** The number of an interned row. 0 is no row: nothing can follow. */
export type Row = number;

interface RowContent {
  readonly threads: readonly Thread[];
  readonly isAccepting: boolean;
  /** Bytes of a shortest text that may follow. */
  readonly cost: number;
  readonly prediction: Prediction;
  // Made when first asked for: many rows are only ever looked at.
  continuations: Map<Nonterminal, Continuation> | undefined;
  successors: Map<Label, readonly Thread[]> | undefined;
}

/** What may come next in a row. */
export interface Expected {
  /** The same list for the same terminals. */
  readonly labels: readonly Label[];
  readonly isAccepting: boolean;
}

/** What may come next at some places. */
interface Prediction {
  /** Ascending. */
  readonly places: readonly Place[];
  /** By nonterminal: 1 when it may begin. */
  readonly predicted: Uint8Array;
  readonly labels: readonly Label[];
  readonly isAccepting: boolean;
  readonly starts: Map<Label, Start>;
}

/** What follows a terminal with which nonterminals begin that a row predicts. */
interface Start {
  /** Where these nonterminals go on. */
  readonly places: readonly Place[];
  /** Those that the terminal may complete. */
  readonly completed: readonly Nonterminal[];
}

/**
 * What a parser knows between two terminals, interned by what may follow.
 *
 * A *row* is a set of threads (place, continuation): where in the network of a nonterminal, and what follows that. A *continuation*
 * is such a set as well, of what may follow a nonterminal that was begun in some row. Complete nonterminals are replaced by their
 * continuation at once, so only threads that wait for something are kept; a chain of right recursion is followed once and not
 * at its end (Leo, 1991). Continuations that refer to themselves (left recursion) are interned as groups whose inner references
 * are relative. So neither knows at which place of the text it was made: lists, left- or right-recursive, return to the row
 * they came from, and a row is made once for all texts that lead to it.
 *
 * A thread whose continuation is held by that of another thread at the same place adds nothing, and is dropped. That keeps
 * rows of ambiguous grammars small.
 */
export class ParseRows {
  readonly #tables: NetworkTables;
  readonly #maxThreads: number;
  readonly #spend: (steps: number) => void;
  #threadCount = 0;
  readonly #rows: RowContent[] = [undefined as unknown as RowContent];
  /** By hash. */
  readonly #rowIds = new Map<number, Row | Row[]>();
  readonly #continuations: Continuations;
  /** By hash. */
  readonly #predictions = new Map<number, Prediction[]>();
  readonly #found: PlaceSet;
  readonly #labels = new Map<string, readonly Label[]>();
  readonly start: Row;

  constructor(tables: NetworkTables, maxThreads: number, spend: (steps: number) => void) {
    this.#tables = tables;
    this.#maxThreads = maxThreads;
    this.#spend = spend;
    this.#found = new PlaceSet(tables.lefts.length);
    this.#continuations = new Continuations(tables, spend, (threads) => this.#count(threads));
    this.start = this.#intern(tables.goesOn[tables.start] === 1 ? [threadOf(tables.start, 0)] : []);
  }

  /** Rows made so far. */
  get count(): number {
    return this.#rows.length - 1;
  }

  get threadCount(): number {
    return this.#threadCount;
  }

  get isFull(): boolean {
    return this.#threadCount > this.#maxThreads / 16;
  }

  isAccepting(row: Row): boolean {
    return this.#rows[row].isAccepting;
  }

  cost(row: Row): number {
    return this.#rows[row].cost;
  }

  /** The terminals that may come next. The same list for rows that predict the same. */
  labels(row: Row): readonly Label[] {
    return this.#rows[row].prediction.labels;
  }

  /** The row after one terminal: 0 when it is not among {@link labels}. */
  after(row: Row, label: Label): Row {
    return this.#internSorted(this.#threadsAfter(row, label));
  }

  /**
   * What may come next in the row after one terminal, without making that row and all that may follow what begins with the
   * terminal: most rows are only asked for that.
   */
  expectedAfter(row: Row, label: Label): Expected {
    const content = this.#rows[row];
    const start = this.#start(content.prediction, label);
    const found = this.#found;
    found.clear();
    for (const place of start.places) found.add(place);
    this.#addPlaces(content, ~label, found);
    for (const nonterminal of start.completed) this.#addPlaces(content, nonterminal, found);
    return this.#predict(found.ascending());
  }

  /** Adds the places of a row after one of its own symbols. */
  #addPlaces(content: RowContent, symbol: ProductionSymbol, into: PlaceSet): void {
    const tables = this.#tables;
    this.#spend(content.threads.length);
    for (const thread of content.threads) {
      for (const to of tables.after(placeOf(thread), symbol)) {
        if (tables.goesOn[to] === 1) into.add(to);
        if (tables.completes[to] === 0) continue;
        for (const next of this.#continuations.placesOf(continuationOf(thread))) into.add(next);
      }
    }
  }

  #start({ predicted, starts }: Prediction, label: Label): Start {
    let start = starts.get(label);
    if (start !== undefined) return start;
    const { goesOn, completes, leftUses, leftUsesOfLabel } = this.#tables;
    const found = new Set<Place>();
    const completed = new Set<Nonterminal>();
    const advance = (uses: readonly LeftUse[]): void => {
      this.#spend(uses.length + 1);
      for (const { left, to } of uses) {
        if (predicted[left] === 0) continue;
        if (goesOn[to] === 1) found.add(to);
        if (completes[to] === 1) completed.add(left);
      }
    };
    advance(leftUsesOfLabel[label]);
    for (const nonterminal of completed) advance(leftUses[nonterminal]);
    start = { places: [...found], completed: [...completed] };
    starts.set(label, start);
    return start;
  }

  /** The row after any of several terminals that ended at the same place, each with the row that it began in. */
  afterAll(ends: readonly (readonly [row: Row, label: Label])[]): Row {
    if (ends.length === 1) return this.after(...ends[0]);
    return this.#intern(ends.flatMap(([row, label]) => this.#threadsAfter(row, label)));
  }

  /** The row with the threads of all of `rows`. */
  union(rows: readonly Row[]): Row {
    if (rows.every((row) => row === rows[0])) return rows[0];
    return this.#intern(rows.flatMap((row) => this.#rows[row].threads));
  }

  /** The terminals of a shortest text after `row` begin with this one; undefined when the text may end. */
  cheapestLabel(row: Row): Label | undefined {
    const tables = this.#tables;
    const { threads, cost } = this.#rows[row];
    if (cost === 0) return undefined;
    // What may be complete is here with what follows it as well.
    const cheapest = threads.find(
      (thread) => this.#continuations.threadCost(thread) === cost && tables.costs[placeOf(thread)] > 0,
    )!;
    return tables.cheapestLabel(placeOf(cheapest));
  }

  describe(row: Row): string {
    const names = new Set(this.#rows[row].threads.map((thread) => this.#tables.nameOf(placeOf(thread))));
    return `in ${[...names].join(", ")}`;
  }

  #threadsAfter(row: Row, label: Label): readonly Thread[] {
    const content = this.#rows[row];
    const successors = (content.successors ??= new Map<Label, readonly Thread[]>());
    let threads = successors.get(label);
    if (threads !== undefined) return threads;
    const { predicted } = content.prediction;
    const uses = this.#tables.leftUsesOfLabel[label].filter(({ left }) => predicted[left] === 1);
    const continuations = this.#continuationsIn(content, new Set(uses.map(({ left }) => left)));
    const found = new Set<Thread>();
    this.#addAdvanced(content, ~label, found);
    for (const { left, to } of uses) this.#continuations.advance(to, continuations.get(left)!, found);
    threads = this.#continuations.sorted(found);
    successors.set(label, threads);
    return threads;
  }

  /** Adds the threads of a row after one of its own symbols. */
  #addAdvanced(content: RowContent, symbol: ProductionSymbol, into: Set<Thread>): void {
    this.#spend(content.threads.length);
    for (const thread of content.threads) {
      for (const to of this.#tables.after(placeOf(thread), symbol)) {
        this.#continuations.advance(to, continuationOf(thread), into);
      }
    }
  }

  /** The continuations of nonterminals that begin in a row; they are made with those that they begin in in turn. */
  #continuationsIn(content: RowContent, wanted: ReadonlySet<Nonterminal>): ReadonlyMap<Nonterminal, Continuation> {
    const continuations = (content.continuations ??= new Map<Nonterminal, Continuation>());
    const { predicted } = content.prediction;
    const { leftUses } = this.#tables;
    const missing = [...wanted].filter((nonterminal) => !continuations.has(nonterminal));
    if (missing.length === 0) return continuations;
    const around = (nonterminal: Nonterminal): Nonterminal[] =>
      leftUses[nonterminal].map(({ left }) => left).filter((left) => predicted[left] === 1 && !continuations.has(left));
    for (const group of strongComponents(missing, around)) {
      group.sort((a, b) => a - b);
      const base = this.#continuations.group(this.#groupThreads(content, continuations, group));
      for (const [member, nonterminal] of group.entries()) continuations.set(nonterminal, base + member);
    }
    return continuations;
  }

  /** What may follow nonterminals that begin each other, where what follows those around them is known. */
  #groupThreads(
    content: RowContent,
    continuations: ReadonlyMap<Nonterminal, Continuation>,
    group: readonly Nonterminal[],
  ): Set<Thread>[] {
    const { predicted } = content.prediction;
    const { leftUses, goesOn, completes } = this.#tables;
    const sets = group.map(() => new Set<Thread>());
    const passes: number[][] = group.map(() => []);
    for (const [index, nonterminal] of group.entries()) {
      const found = sets[index];
      this.#addAdvanced(content, nonterminal, found);
      for (const { left, to } of leftUses[nonterminal]) {
        if (predicted[left] === 0) continue;
        const member = group.indexOf(left);
        if (member < 0) {
          this.#continuations.advance(to, continuations.get(left)!, found);
          continue;
        }
        if (goesOn[to] === 1) found.add(threadOf(to, localContinuation(member)));
        if (completes[to] === 1 && member !== index) passes[index].push(member);
      }
      this.#spend(found.size + leftUses[nonterminal].length);
    }
    for (let changed = passes.some((members) => members.length > 0); changed;) {
      changed = false;
      for (const [index, members] of passes.entries()) {
        const before = sets[index].size;
        for (const member of members) for (const thread of sets[member]) sets[index].add(thread);
        this.#spend(sets[index].size);
        changed ||= sets[index].size > before;
      }
    }
    return sets;
  }

  #intern(found: readonly Thread[]): Row {
    return this.#internSorted(this.#continuations.sorted(new Set(found)));
  }

  #internSorted(threads: readonly Thread[]): Row {
    if (threads.length === 0) return 0;
    const hash = hashThreads(threads);
    const known = this.#rowIds.get(hash);
    if (typeof known === "number") {
      if (sameThreads(this.#rows[known].threads, threads)) return known;
    } else if (known !== undefined) {
      const same = known.find((row) => sameThreads(this.#rows[row].threads, threads));
      if (same !== undefined) return same;
    }
    this.#count(threads.length);
    const places = this.#found;
    places.clear();
    for (const thread of threads) places.add(placeOf(thread));
    const prediction = this.#predict(places.ascending());
    const row = this.#rows.length;
    this.#rows.push({
      threads,
      isAccepting: prediction.isAccepting,
      cost: this.#continuations.cheapest(threads),
      prediction,
      continuations: undefined,
      successors: undefined,
    });
    if (known === undefined) this.#rowIds.set(hash, row);
    else this.#rowIds.set(hash, typeof known === "number" ? [known, row] : [...known, row]);
    return row;
  }

  /** @param places ascending */
  #predict(places: readonly Place[]): Prediction {
    let hash = places.length;
    for (const place of places) hash = (Math.imul(hash, 0x0100_0193) ^ place) | 0;
    const alike = this.#predictions.get(hash);
    if (alike !== undefined) {
      for (const one of alike) if (sameThreads(one.places, places)) return one;
    }
    const { nonterminalCount, nonterminals, labels: labelsAt, starts, mayEnd } = this.#tables;
    const predicted = new Uint8Array(nonterminalCount);
    const labels = new Set<Label>();
    const queue = [...places];
    for (const place of queue) {
      this.#spend(labelsAt[place].length + nonterminals[place].length + 1);
      for (const label of labelsAt[place]) labels.add(label);
      for (const nonterminal of nonterminals[place]) {
        if (predicted[nonterminal] === 1) continue;
        predicted[nonterminal] = 1;
        queue.push(starts[nonterminal]);
      }
    }
    this.#count(predicted.length >>> 3);
    const prediction = {
      places: [...places],
      predicted,
      labels: this.#sameLabels([...labels].sort((a, b) => a - b)),
      isAccepting: places.some((place) => mayEnd[place] === 1),
      starts: new Map(),
    };
    if (alike === undefined) this.#predictions.set(hash, [prediction]);
    else alike.push(prediction);
    return prediction;
  }

  #sameLabels(labels: readonly Label[]): readonly Label[] {
    const key = labels.join(",");
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    this.#labels.set(key, labels);
    return labels;
  }

  #count(threads: number): void {
    this.#spend(threads);
    this.#threadCount += threads;
    if (this.#threadCount > this.#maxThreads || this.#continuations.count >= CONTINUATIONS >>> 1) {
      throw new LimitExceededError({
        message: `The parser needs more than maxThreads (${this.#maxThreads}) threads for the texts read so far.`,
        limit: "maxThreads",
        allowed: this.#maxThreads,
        hint: "Raise maxThreads, or make the grammar less ambiguous.",
      });
    }
  }
}
