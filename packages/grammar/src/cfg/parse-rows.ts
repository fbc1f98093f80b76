import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { COMPLETE, END_SYMBOL, type Item, type ParseTables } from "./parse-tables.ts";
import type { Nonterminal } from "./productions.ts";
import { strongComponents } from "./strong-components.ts";
import type { Label } from "./terminal-table.ts";

/** The number of an interned row. 0 is no row: nothing can follow. */
export type Row = number;

/** The number of an interned continuation: what may follow once a nonterminal is complete. */
export type Continuation = number;

/** An item and the continuation after its production, packed: `item * CONTINUATIONS + continuation`. */
type Thread = number;

const CONTINUATIONS = 0x400_0000;
/** Continuations of the group that is being made are numbered from here downwards. */
const FIRST_LOCAL = CONTINUATIONS - 1;

interface RowContent {
  readonly threads: readonly Thread[];
  readonly isAccepting: boolean;
  /** Bytes of a shortest text that may follow. */
  readonly cost: number;
  readonly prediction: Prediction;
  /** By symbol after the dot. */
  readonly bySymbol: ReadonlyMap<number, readonly Thread[]>;
  readonly continuations: Map<Nonterminal, Continuation>;
  readonly successors: Map<Label, readonly Thread[]>;
  readonly expected: Map<Label, Expected>;
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
  readonly #rowIds = new Map<string, Row>();
  /** Number 0 is what follows the start symbol's own production: nothing. */
  readonly #continuations: (readonly Thread[])[] = [[]];
  readonly #continuationCosts: number[] = [0];
  readonly #continuationSymbols: (readonly number[] | undefined)[] = [];
  readonly #groups = new Map<string, Continuation>();
  /** Continuations that were asked whether they hold others: their threads, and the answers. */
  readonly #contentSets = new Map<Continuation, ReadonlySet<Thread>>();
  readonly #holding = new Map<number, boolean>();
  readonly #predictions = new Map<string, Prediction>();
  readonly start: Row;

  constructor(tables: ParseTables, maxThreads: number, spend: (steps: number) => void) {
    this.#tables = tables;
    this.#maxThreads = maxThreads;
    this.#spend = spend;
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
    const { bySymbol, expected, prediction } = this.#rows[row];
    let known = expected.get(label);
    if (known !== undefined) return known;
    const { solid, completes, symbols } = this.#tables;
    const start = this.#start(prediction, label);
    const found = new Set(start.symbols);
    const advance = (threads: readonly Thread[]): void => {
      for (const thread of threads) {
        const item = itemOf(thread) + 1;
        for (const next of solid[item]) found.add(symbols[next]);
        if (completes[item] === 1) for (const symbol of this.#firstSymbols(continuationOf(thread))) found.add(symbol);
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

  #firstSymbols(continuation: Continuation): readonly number[] {
    let symbols = this.#continuationSymbols[continuation];
    if (symbols === undefined) {
      const threads = this.#continuations[continuation];
      this.#spend(threads.length);
      symbols = [...new Set(threads.map((thread) => this.#tables.symbols[itemOf(thread)]))];
      this.#continuationSymbols[continuation] = symbols;
    }
    return symbols;
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
    const cheapest = threads.find((thread) => this.#threadCost(thread) === cost && tables.costs[itemOf(thread)] > 0)!;
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
    let threads = content.successors.get(label);
    if (threads !== undefined) return threads;
    const { predicted } = content.prediction;
    const { lefts, leftUsesOfLabel } = this.#tables;
    const uses = leftUsesOfLabel[label].filter((item) => predicted[lefts[item]] === 1);
    this.#makeContinuations(row, new Set(uses.map((item) => lefts[item])));
    const found = new Set<Thread>();
    for (const thread of content.bySymbol.get(~label) ?? []) {
      this.#advance(itemOf(thread) + 1, continuationOf(thread), found);
    }
    for (const item of uses) this.#advance(item + 1, content.continuations.get(lefts[item])!, found);
    threads = this.#sorted(found, (k) => this.#continuations[k]);
    content.successors.set(label, threads);
    return threads;
  }

  /** Adds what may follow at `item`, then `continuation`. */
  #advance(item: Item, continuation: Continuation, into: Set<Thread>): void {
    for (const next of this.#tables.solid[item]) into.add(threadOf(next, continuation));
    if (this.#tables.completes[item] === 1) {
      this.#spend(this.#continuations[continuation].length >>> 2);
      for (const thread of this.#continuations[continuation]) into.add(thread);
    }
  }

  /** Makes the continuations of nonterminals that begin in `row`, and of those that they begin in turn. */
  #makeContinuations(row: Row, wanted: ReadonlySet<Nonterminal>): void {
    const { continuations, prediction } = this.#rows[row];
    const { leftUses, lefts } = this.#tables;
    const missing = [...wanted].filter((nonterminal) => !continuations.has(nonterminal));
    if (missing.length === 0) return;
    const around = (nonterminal: Nonterminal): Nonterminal[] =>
      leftUses[nonterminal]
        .map((item) => lefts[item])
        .filter((left) => prediction.predicted[left] === 1 && !continuations.has(left));
    for (const group of strongComponents(missing, around))
      this.#makeGroup(
        row,
        group.sort((a, b) => a - b),
      );
  }

  /** Makes the continuations of nonterminals that begin each other; those around them are there already. */
  #makeGroup(row: Row, group: readonly Nonterminal[]): void {
    const { bySymbol, continuations, prediction } = this.#rows[row];
    const { leftUses, lefts, solid, completes } = this.#tables;
    const sets = group.map(() => new Set<Thread>());
    const passes: number[][] = group.map(() => []);
    for (const [index, nonterminal] of group.entries()) {
      const found = sets[index];
      for (const thread of bySymbol.get(nonterminal) ?? []) {
        this.#advance(itemOf(thread) + 1, continuationOf(thread), found);
      }
      for (const item of leftUses[nonterminal]) {
        if (prediction.predicted[lefts[item]] === 0) continue;
        const member = group.indexOf(lefts[item]);
        if (member < 0) {
          this.#advance(item + 1, continuations.get(lefts[item])!, found);
          continue;
        }
        for (const next of solid[item + 1]) found.add(threadOf(next, FIRST_LOCAL - member));
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
    const contents = (k: Continuation): readonly Thread[] =>
      k > FIRST_LOCAL - group.length ? [...sets[FIRST_LOCAL - k]] : this.#continuations[k];
    const lists = sets.map((set) => this.#sorted(set, contents));
    const key = lists.map((list) => list.join(",")).join(";");
    let base = this.#groups.get(key);
    if (base === undefined) {
      base = this.#continuations.length;
      this.#groups.set(key, base);
      for (const list of lists) this.#addContinuation(list.map((thread) => resolved(thread, base!, group.length)));
      this.#settleCosts(base);
    }
    for (const [index, nonterminal] of group.entries()) continuations.set(nonterminal, base + index);
  }

  #addContinuation(threads: Thread[]): void {
    this.#count(threads.length);
    this.#continuations.push(threads.sort((a, b) => a - b));
    this.#continuationCosts.push(Infinity);
  }

  #settleCosts(base: Continuation): void {
    for (let changed = true; changed;) {
      changed = false;
      for (let k = base; k < this.#continuations.length; k++) {
        const cost = this.#cheapest(this.#continuations[k]);
        if (cost >= this.#continuationCosts[k]) continue;
        this.#continuationCosts[k] = cost;
        changed = true;
      }
    }
  }

  #threadCost(thread: Thread): number {
    return this.#tables.costs[itemOf(thread)] + this.#continuationCosts[continuationOf(thread)];
  }

  #cheapest(threads: readonly Thread[]): number {
    let cost = Infinity;
    for (const thread of threads) cost = Math.min(cost, this.#threadCost(thread));
    return cost;
  }

  /** In order, without threads that others make needless. */
  #sorted(found: Iterable<Thread>, contents: (k: Continuation) => readonly Thread[]): Thread[] {
    const threads = [...found].sort((a, b) => a - b);
    this.#spend(threads.length);
    let repeats = false;
    for (let i = 1; i < threads.length; i++) repeats ||= itemOf(threads[i]) === itemOf(threads[i - 1]);
    if (!repeats) return threads;
    const kept: Thread[] = [];
    for (let from = 0; from < threads.length;) {
      let to = from + 1;
      while (to < threads.length && itemOf(threads[to]) === itemOf(threads[from])) to++;
      if (to === from + 1) kept.push(threads[from]);
      else kept.push(...this.#undominated(threads.slice(from, to), contents));
      from = to;
    }
    return kept;
  }

  /** Of threads with one item, those whose continuation is not held by that of another one. */
  #undominated(threads: Thread[], contents: (k: Continuation) => readonly Thread[]): Thread[] {
    const kept: Thread[] = [];
    for (const thread of threads.toReversed()) {
      // Those made last tend to hold the others.
      if (kept.some((holder) => this.#holds(continuationOf(holder), continuationOf(thread), contents))) continue;
      const rest = kept.filter((held) => !this.#holds(continuationOf(thread), continuationOf(held), contents));
      kept.splice(0, kept.length, ...rest, thread);
    }
    return kept.sort((a, b) => a - b);
  }

  /** Whether every thread of `held` is one of `holder`, the two of them taken for one where threads go back to them. */
  #holds(holder: Continuation, held: Continuation, contents: (k: Continuation) => readonly Thread[]): boolean {
    const isKnowable = Math.max(holder, held) < CONTINUATIONS >>> 1;
    const key = threadOf(holder, held);
    const known = isKnowable ? this.#holding.get(key) : undefined;
    if (known !== undefined) return known;
    const all = this.#contentSet(holder, contents);
    let holds = true;
    for (const thread of contents(held)) {
      this.#spend(1);
      holds = all.has(thread) || (continuationOf(thread) === held && all.has(threadOf(itemOf(thread), holder)));
      if (!holds) break;
    }
    if (isKnowable) this.#holding.set(key, holds);
    return holds;
  }

  #contentSet(k: Continuation, contents: (k: Continuation) => readonly Thread[]): ReadonlySet<Thread> {
    if (k >= CONTINUATIONS >>> 1) return new Set(contents(k));
    let set = this.#contentSets.get(k);
    if (set === undefined) {
      set = new Set(contents(k));
      this.#contentSets.set(k, set);
    }
    return set;
  }

  #intern(found: readonly Thread[]): Row {
    if (found.length === 0) return 0;
    const threads = this.#sorted(new Set(found), (k) => this.#continuations[k]);
    const key = threads.join(",");
    const known = this.#rowIds.get(key);
    if (known !== undefined) return known;
    this.#count(threads.length);
    const bySymbol = new Map<number, Thread[]>();
    for (const thread of threads) {
      const symbol = this.#tables.symbols[itemOf(thread)];
      const same = bySymbol.get(symbol);
      if (same === undefined) bySymbol.set(symbol, [thread]);
      else same.push(thread);
    }
    const row = this.#rows.length;
    this.#rows.push({
      threads,
      isAccepting: bySymbol.has(END_SYMBOL),
      cost: this.#cheapest(threads),
      prediction: this.#predict([...bySymbol.keys()].filter((symbol) => symbol < COMPLETE)),
      bySymbol,
      continuations: new Map(),
      successors: new Map(),
      expected: new Map(),
    });
    this.#rowIds.set(key, row);
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
    if (this.#threadCount > this.#maxThreads || this.#continuations.length >= CONTINUATIONS >>> 1) {
      throw new LimitExceededError({
        message: `The parser needs more than maxThreads (${this.#maxThreads}) threads for the texts read so far.`,
        limit: "maxThreads",
        allowed: this.#maxThreads,
        hint: "Raise maxThreads, or make the grammar less ambiguous.",
      });
    }
  }
}

function threadOf(item: Item, continuation: Continuation): Thread {
  return item * CONTINUATIONS + continuation;
}

function itemOf(thread: Thread): Item {
  return Math.floor(thread / CONTINUATIONS);
}

function continuationOf(thread: Thread): Continuation {
  return thread % CONTINUATIONS;
}

/** A thread with the final number of a continuation of its own group. */
function resolved(thread: Thread, base: Continuation, size: number): Thread {
  const k = continuationOf(thread);
  return k > FIRST_LOCAL - size ? threadOf(itemOf(thread), base + FIRST_LOCAL - k) : thread;
}
