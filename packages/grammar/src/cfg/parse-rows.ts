import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { COMPLETE, END_SYMBOL, type Item, type ParseTables } from "./parse-tables.ts";
import { Continuations, localContinuation } from "./continuations.ts";
import type { Nonterminal } from "./productions.ts";
import { strongComponents } from "./strong-components.ts";
import type { Label } from "./terminal-table.ts";
import {
  continuationOf,
  CONTINUATIONS,
  hashThreads,
  itemOf,
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
  /** By symbol after the dot. */
  bySymbol: ReadonlyMap<number, readonly Thread[]> | undefined;
  continuations: Map<Nonterminal, Continuation> | undefined;
  successors: Map<Label, readonly Thread[]> | undefined;
  expected: Map<Label, Expected> | undefined;
}

/** What may come next in a row. */
export interface Expected {
  /** The same list for the same terminals. */
  readonly labels: readonly Label[];
  readonly isAccepting: boolean;
}

/** What some nonterminals can begin with. */
interface Prediction {
  readonly predicted: Uint8Array;
  readonly labels: readonly Label[];
  readonly starts: Map<Label, Start>;
}

/** What follows a terminal with which nonterminals begin that a row predicts. */
interface Start {
  /** The symbols that may come next within these nonterminals. */
  readonly symbols: readonly number[];
  /** Those that the terminal may complete. */
  readonly completed: readonly Nonterminal[];
}

/**
 * What a parser knows between two terminals, interned by what may follow.
 *
 * A *row* is a set of threads (item, continuation): what remains of a production, then what follows its nonterminal. A *continuation*
 * is such a set as well, of what may follow a nonterminal that was begun in some row. Complete productions are replaced by their
 * continuation at once, so only threads that wait for a terminal are kept; a chain of right recursion is followed once and not
 * at its end (Leo, 1991). Continuations that refer to themselves (left recursion) are interned as groups whose inner references
 * are relative. So neither knows at which place of the text it was made: lists, left- or right-recursive, return to the row
 * they came from, and a row is made once for all texts that lead to it.
 *
 * A thread whose continuation is held by that of another thread with the same item adds nothing, and is dropped. That keeps
 * rows of ambiguous grammars small.
 */
export class ParseRows {
  readonly #tables: ParseTables;
  readonly #maxThreads: number;
  readonly #spend: (steps: number) => void;
  #threadCount = 0;
  readonly #rows: RowContent[] = [undefined as unknown as RowContent];
  /** By hash. */
  readonly #rowIds = new Map<number, Row | Row[]>();
  readonly #continuations: Continuations;
  readonly #predictions = new Map<string, Prediction>();
  readonly start: Row;

  constructor(tables: ParseTables, maxThreads: number, spend: (steps: number) => void) {
    this.#tables = tables;
    this.#maxThreads = maxThreads;
    this.#spend = spend;
    this.#continuations = new Continuations(tables, spend, (threads) => this.#count(threads));
    this.start = this.#intern(tables.solid[tables.startItem].map((item) => threadOf(item, 0)));
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
    return this.#intern(this.#threadsAfter(row, label));
  }

  /**
   * What may come next in the row after one terminal, without making that row and all that may follow what begins with the
   * terminal: most rows are only asked for that.
   */
  expectedAfter(row: Row, label: Label): Expected {
    const content = this.#rows[row];
    const expected = (content.expected ??= new Map<Label, Expected>());
    let known = expected.get(label);
    if (known !== undefined) return known;
    const bySymbol = this.#bySymbol(content);
    const { solid, completes, symbols } = this.#tables;
    const start = this.#start(content.prediction, label);
    const found = new Set(start.symbols);
    const advance = (threads: readonly Thread[]): void => {
      for (const thread of threads) {
        const item = itemOf(thread) + 1;
        for (const next of solid[item]) found.add(symbols[next]);
        if (completes[item] === 1) {
          for (const symbol of this.#continuations.firstSymbols(continuationOf(thread))) found.add(symbol);
        }
      }
      this.#spend(threads.length);
    };
    advance(bySymbol.get(~label) ?? []);
    for (const nonterminal of start.completed) advance(bySymbol.get(nonterminal) ?? []);
    const { labels } = this.#predict([...found].filter((symbol) => symbol < COMPLETE));
    known = { labels, isAccepting: found.has(END_SYMBOL) };
    expected.set(label, known);
    return known;
  }

  #start({ predicted, starts }: Prediction, label: Label): Start {
    let start = starts.get(label);
    if (start !== undefined) return start;
    const { solid, completes, symbols, lefts, leftUses, leftUsesOfLabel } = this.#tables;
    const found = new Set<number>();
    const completed = new Set<Nonterminal>();
    const advance = (items: readonly Item[]): void => {
      this.#spend(items.length + 1);
      for (const item of items) {
        if (predicted[lefts[item]] === 0) continue;
        for (const next of solid[item + 1]) found.add(symbols[next]);
        if (completes[item + 1] === 1) completed.add(lefts[item]);
      }
    };
    advance(leftUsesOfLabel[label]);
    for (const nonterminal of completed) advance(leftUses[nonterminal]);
    start = { symbols: [...found], completed: [...completed] };
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
    // What can be stepped over leads to threads that are here themselves.
    const cheapest = threads.find(
      (thread) => this.#continuations.threadCost(thread) === cost && tables.costs[itemOf(thread)] > 0,
    )!;
    let item = itemOf(cheapest);
    for (;;) {
      while (tables.costs[item] === tables.costs[item + 1]) item++;
      const symbol = tables.symbols[item];
      if (symbol < 0) return ~symbol;
      item = tables.bestItem[symbol];
    }
  }

  describe(row: Row): string {
    const tables = this.#tables;
    const names = new Set(
      this.#rows[row].threads.map((thread) => {
        const left = tables.lefts[itemOf(thread)];
        return left < 0 ? "end" : tables.productions.names[left];
      }),
    );
    return `in ${[...names].join(", ")}`;
  }

  #threadsAfter(row: Row, label: Label): readonly Thread[] {
    const content = this.#rows[row];
    const successors = (content.successors ??= new Map<Label, readonly Thread[]>());
    let threads = successors.get(label);
    if (threads !== undefined) return threads;
    const { predicted } = content.prediction;
    const { lefts, leftUsesOfLabel } = this.#tables;
    const uses = leftUsesOfLabel[label].filter((item) => predicted[lefts[item]] === 1);
    const continuations = this.#continuationsIn(content, new Set(uses.map((item) => lefts[item])));
    const found = new Set<Thread>();
    for (const thread of this.#bySymbol(content).get(~label) ?? []) {
      this.#continuations.advance(itemOf(thread) + 1, continuationOf(thread), found);
    }
    for (const item of uses) this.#continuations.advance(item + 1, continuations.get(lefts[item])!, found);
    threads = this.#continuations.sorted(found);
    successors.set(label, threads);
    return threads;
  }

  #bySymbol(content: RowContent): ReadonlyMap<number, readonly Thread[]> {
    if (content.bySymbol !== undefined) return content.bySymbol;
    const bySymbol = new Map<number, Thread[]>();
    for (const thread of content.threads) {
      const symbol = this.#tables.symbols[itemOf(thread)];
      const same = bySymbol.get(symbol);
      if (same === undefined) bySymbol.set(symbol, [thread]);
      else same.push(thread);
    }
    return (content.bySymbol = bySymbol);
  }

  /** The continuations of nonterminals that begin in a row; they are made with those that they begin in in turn. */
  #continuationsIn(content: RowContent, wanted: ReadonlySet<Nonterminal>): ReadonlyMap<Nonterminal, Continuation> {
    const continuations = (content.continuations ??= new Map<Nonterminal, Continuation>());
    const { predicted } = content.prediction;
    const { leftUses, lefts } = this.#tables;
    const missing = [...wanted].filter((nonterminal) => !continuations.has(nonterminal));
    if (missing.length === 0) return continuations;
    const around = (nonterminal: Nonterminal): Nonterminal[] =>
      leftUses[nonterminal]
        .map((item) => lefts[item])
        .filter((left) => predicted[left] === 1 && !continuations.has(left));
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
    const bySymbol = this.#bySymbol(content);
    const { leftUses, lefts, solid, completes } = this.#tables;
    const sets = group.map(() => new Set<Thread>());
    const passes: number[][] = group.map(() => []);
    for (const [index, nonterminal] of group.entries()) {
      const found = sets[index];
      for (const thread of bySymbol.get(nonterminal) ?? []) {
        this.#continuations.advance(itemOf(thread) + 1, continuationOf(thread), found);
      }
      for (const item of leftUses[nonterminal]) {
        if (predicted[lefts[item]] === 0) continue;
        const member = group.indexOf(lefts[item]);
        if (member < 0) {
          this.#continuations.advance(item + 1, continuations.get(lefts[item])!, found);
          continue;
        }
        for (const next of solid[item + 1]) found.add(threadOf(next, localContinuation(member)));
        if (completes[item + 1] === 1 && member !== index) passes[index].push(member);
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
    if (found.length === 0) return 0;
    const threads = this.#continuations.sorted(new Set(found));
    const hash = hashThreads(threads);
    const known = this.#rowIds.get(hash);
    if (typeof known === "number") {
      if (sameThreads(this.#rows[known].threads, threads)) return known;
    } else if (known !== undefined) {
      const same = known.find((row) => sameThreads(this.#rows[row].threads, threads));
      if (same !== undefined) return same;
    }
    this.#count(threads.length);
    const symbols = new Set<number>();
    for (const thread of threads) symbols.add(this.#tables.symbols[itemOf(thread)]);
    const row = this.#rows.length;
    this.#rows.push({
      threads,
      isAccepting: symbols.has(END_SYMBOL),
      cost: this.#continuations.cheapest(threads),
      prediction: this.#predict([...symbols].filter((symbol) => symbol < COMPLETE)),
      bySymbol: undefined,
      continuations: undefined,
      successors: undefined,
      expected: undefined,
    });
    if (known === undefined) this.#rowIds.set(hash, row);
    else this.#rowIds.set(hash, typeof known === "number" ? [known, row] : [...known, row]);
    return row;
  }

  #predict(symbols: readonly number[]): Prediction {
    const key = symbols.toSorted((a, b) => a - b).join(",");
    let prediction = this.#predictions.get(key);
    if (prediction !== undefined) return prediction;
    const { leftNonterminals, leftLabels, productions } = this.#tables;
    const predicted = new Uint8Array(productions.names.length);
    const labels = new Set<Label>();
    const queue: Nonterminal[] = [];
    const add = (symbol: number): void => {
      if (symbol < 0) labels.add(~symbol);
      else if (predicted[symbol] === 0) {
        predicted[symbol] = 1;
        queue.push(symbol);
      }
    };
    symbols.forEach(add);
    for (const nonterminal of queue) {
      this.#spend(leftLabels[nonterminal].length + leftNonterminals[nonterminal].length + 1);
      for (const label of leftLabels[nonterminal]) labels.add(label);
      leftNonterminals[nonterminal].forEach(add);
    }
    this.#count(predicted.length >>> 3);
    prediction = { predicted, labels: [...labels].sort((a, b) => a - b), starts: new Map() };
    this.#predictions.set(key, prediction);
    return prediction;
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
