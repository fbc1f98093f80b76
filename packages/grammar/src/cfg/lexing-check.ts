import type { WorkBudget } from "../budget/work-budget.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { isWithin, type ByteBits } from "./byte-bits.ts";
import { ignoredWithoutEnd } from "./ignored-terminals.ts";
import { labelContexts } from "./label-contexts.ts";
import type { LexicalSet, LexicalSets } from "./lexical-sets.ts";
import { END_SYMBOL, type Item, type ParseTables } from "./parse-tables.ts";
import { BEGINNING, PrecedingLabels } from "./preceding-labels.ts";
import type { TerminalOrder } from "./terminal-order.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

export interface LexingParts {
  readonly tables: ParseTables;
  readonly sets: LexicalSets;
  readonly terminals: TerminalTable;
  readonly order: TerminalOrder;
  readonly budget: WorkBudget;
}

/** Sets of terminals in progress that are looked at. */
const MAX_SETS = 3_000;
/** Steps of single terminals that are taken for that. */
const MAX_STEPS = 1_000_000;

/**
 * Makes sure that a terminal which has been begun can always end where something may follow: that its longest match does not
 * swallow the beginning of all that may come next, as in `NAME NAME` with nothing ignored between the two.
 *
 * Judged for every place in every production by itself, with all terminals in progress that may stand beside one another after any
 * terminal that may come right before that place.
 * So a grammar that passes has no dead ends; one that is refused might, in rare cases, have had none.
 * @returns false when there are too many sets of terminals to look at all of them
 * @throws UnsupportedError naming the terminal and the rule
 */
export function checkLexing(parts: LexingParts): boolean {
  const { tables, sets, terminals, order, budget } = parts;
  const contexts = labelContexts(tables, terminals.count, budget);
  const uses = Array.from({ length: terminals.count }, (): Item[] => []);
  for (const [item, symbol] of tables.symbols.entries()) if (symbol < 0) uses[~symbol].push(item);
  const starts = new Map<string, Context>();
  for (const [label, labels] of [contexts.first, ...contexts.follow].entries()) {
    const key = labels.join(",");
    const same = starts.get(key);
    if (same === undefined) starts.set(key, { labels, after: new Set([label + BEGINNING]) });
    else same.after.add(label + BEGINNING);
  }
  const limits = { sets: MAX_SETS, steps: MAX_STEPS };
  const graphs: (readonly [Context, Graph])[] = [];
  for (const context of starts.values()) {
    const { labels } = context;
    if (labels.length === 0) continue;
    const graph = explore(sets, sets.start(labels, true), limits, budget);
    if (graph === undefined) {
      // What was not looked at here is looked at where it comes up.
      order.doubtful = order.ignored;
      sets.forgetStarts();
      return false;
    }
    graphs.push([context, graph]);
  }
  const doubts = doubtsOfIgnored(graphs, parts);
  order.doubtful = new Set(doubts.keys());
  if (order.doubtful.size > 0) sets.forgetStarts();
  const followers = new Followers(parts, contexts.firstOf, doubts);
  for (const [{ labels, after }, graph] of graphs) {
    for (const label of labels) {
      const terminal = new TerminalInGraph(graph, sets, label);
      for (const item of uses[label]) checkItem(parts, followers, terminal, label, { item, after });
    }
  }
  return true;
}

/** Terminals that may stand beside one another, and after which. */
interface Context {
  readonly labels: readonly Label[];
  /** BEGINNING among them where that is at the beginning of the text. */
  readonly after: Set<Label>;
}

/** A place of a terminal, and the terminals of which one was read right before. */
interface PlacedTerminal {
  readonly item: Item;
  readonly after: ReadonlySet<Label>;
}

/** By ignored terminal: the terminals in front of which it might not be left again, were nothing else expected there. */
type Doubts = ReadonlyMap<Label, ReadonlySet<Label>>;

function doubtsOfIgnored(graphs: readonly (readonly [Context, Graph])[], parts: LexingParts): Doubts {
  const { sets, order } = parts;
  const doubts = new Map<Label, Set<Label>>();
  const { ignored } = order;
  for (const [{ labels }, graph] of graphs) {
    const [start] = graph.sets;
    for (const label of labels) {
      if (sets.residual(start, label) === 0) continue;
      for (const stuck of ignoredWithoutEnd(sets, { start, ignored, expected: [label], mayEnd: false })) {
        const before = doubts.get(stuck);
        if (before === undefined) doubts.set(stuck, new Set([label]));
        else before.add(label);
      }
    }
  }
  return doubts;
}

interface Graph {
  readonly sets: LexicalSet[];
  /** By number in `sets`: the numbers of the sets that lead there. */
  readonly before: number[][];
  /** By terminal: the numbers of the sets in which it is in progress. */
  readonly inProgress: Map<Label, number[]>;
}

function explore(
  sets: LexicalSets,
  start: LexicalSet,
  limits: { sets: number; steps: number },
  budget: WorkBudget,
): Graph | undefined {
  const numbers = new Map<LexicalSet, number>([[start, 0]]);
  const graph: Graph = { sets: [start], before: [[]], inProgress: new Map() };
  for (let from = 0; from < graph.sets.length; from++) {
    limits.sets--;
    const labels = sets.labelsInProgress(graph.sets[from]);
    limits.steps -= 256 * labels.length;
    if (limits.sets < 0 || limits.steps < 0) return undefined;
    budget.spend(256);
    for (const label of labels) {
      const numbersOf = graph.inProgress.get(label);
      if (numbersOf === undefined) graph.inProgress.set(label, [from]);
      else numbersOf.push(from);
    }
    for (const set of sets.successors(graph.sets[from])) {
      let to = numbers.get(set);
      if (to === undefined) {
        to = graph.sets.push(set) - 1;
        numbers.set(set, to);
        graph.before.push([]);
      }
      graph.before[to].push(from);
    }
  }
  return graph;
}

/** The sets of a graph in which one terminal is in progress. */
class TerminalInGraph {
  readonly #graph: Graph;
  /** By number in the graph. */
  readonly #inProgress: ReadonlySet<number>;
  readonly #ends: readonly number[];
  readonly #sets: LexicalSets;
  /** Answers by the ends that count, most places have the same. */
  readonly #answers = new Map<string, boolean>();

  constructor(graph: Graph, sets: LexicalSets, label: Label) {
    this.#graph = graph;
    this.#sets = sets;
    this.#inProgress = new Set(graph.inProgress.get(label));
    this.#ends = [...this.#inProgress].filter((number) =>
      sets.labelsOf(sets.accepted(graph.sets[number])).includes(label),
    );
  }

  /** Whether, from every set in which the terminal is in progress, a set is reached in which it ends and `isEnd` holds. */
  alwaysEnds(isEnd: (following: ByteBits) => boolean): boolean {
    const ends = this.#ends.filter((number) => isEnd(this.#sets.following(this.#graph.sets[number])));
    const key = ends.join(",");
    let answer = this.#answers.get(key);
    if (answer === undefined) this.#answers.set(key, (answer = this.#reachesAll(ends)));
    return answer;
  }

  #reachesAll(ends: readonly number[]): boolean {
    const reached = new Set(ends);
    for (const number of reached) {
      for (const from of this.#graph.before[number]) if (this.#inProgress.has(from)) reached.add(from);
    }
    return reached.size === this.#inProgress.size;
  }
}

/** What may follow a place in a production, as far as a longest match leaves it over. */
class Followers {
  readonly #parts: LexingParts;
  readonly #firstOf: (item: Item) => ReadonlySet<Label>;
  readonly #doubts: Doubts;
  readonly #uses = new Map<number, Item[]>();
  readonly #preceding: PrecedingLabels;
  readonly #answers = new WeakMap<ReadonlySet<Label>, Map<string, boolean>>();

  constructor(parts: LexingParts, firstOf: (item: Item) => ReadonlySet<Label>, doubts: Doubts) {
    this.#parts = parts;
    this.#doubts = doubts;
    this.#firstOf = firstOf;
    const { tables } = parts;
    this.#preceding = new PrecedingLabels(tables, parts.budget);
    for (const [item, symbol] of tables.symbols.entries()) {
      // Left recursion is begun only where the nonterminal itself is asked for as well, which may go on without another round.
      const left = tables.lefts[item];
      if (symbol < 0 || (left === symbol && tables.leftUses[symbol].includes(item))) continue;
      const uses = this.#uses.get(symbol);
      if (uses === undefined) this.#uses.set(symbol, [item]);
      else uses.push(item);
    }
  }

  /** Whether one of some terminals can begin with a byte that is not in `following`. */
  #begins(labels: Iterable<Label>, following: ByteBits): boolean {
    for (const next of labels) if (!isWithin(this.#parts.sets.firstBytes(next), following)) return true;
    return false;
  }

  /** Whether something may follow wherever the parser stands after a terminal, or the text may end. */
  goesOn({ item, after }: PlacedTerminal, following: ByteBits): boolean {
    let answers = this.#answers.get(after);
    if (answers === undefined) this.#answers.set(after, (answers = new Map()));
    const key = `${item},${following.join(",")}`;
    let answer = answers.get(key);
    if (answer === undefined) answers.set(key, (answer = this.#search(item, after, following)));
    return answer;
  }

  /** Whether one of what is expected, or what is ignored and can be left for it, begins with a byte that is not in `following`. */
  #canBegin(expected: ReadonlySet<Label>, following: ByteBits): boolean {
    if (this.#begins(expected, following)) return true;
    if (expected.size === 0) return false;
    const ignored = [...this.#parts.order.ignored].filter((label) => {
      const doubts = this.#doubts.get(label);
      return doubts === undefined || [...expected].some((one) => !doubts.has(one));
    });
    return this.#begins(ignored, following);
  }

  #search(first: Item, after: ReadonlySet<Label>, following: ByteBits): boolean {
    const { tables, budget } = this.#parts;
    // Places after what was read, and those of them where nothing of the production had been read before that.
    const free = new Set<Item>();
    const bound = new Set<Item>();
    const enter = (item: Item): void => {
      const { labels, mayBeEmpty } = this.#preceding.before(item);
      if (intersects(labels, after)) free.add(item + 1);
      if (!mayBeEmpty) return;
      if (tables.lefts[item] >= 0) bound.add(item + 1);
      else if (after.has(BEGINNING)) free.add(item + 1);
    };
    const isStuck = (item: Item): boolean => {
      budget.spend();
      if (tables.symbols[item] === END_SYMBOL || this.#canBegin(this.#firstOf(item), following)) return false;
      return tables.completes[item] === 0;
    };
    const usesOf = (item: Item): readonly Item[] => {
      const goesOn = tables.symbols[item] === END_SYMBOL || this.#canBegin(this.#firstOf(item), following);
      return goesOn ? [] : (this.#uses.get(tables.lefts[item]) ?? []);
    };
    enter(first);
    for (const item of bound) {
      if (isStuck(item)) return false;
      usesOf(item).forEach(enter);
    }
    for (const item of free) {
      if (isStuck(item)) return false;
      for (const use of usesOf(item)) free.add(use + 1);
    }
    return true;
  }
}

function intersects(labels: ReadonlySet<Label>, others: ReadonlySet<Label>): boolean {
  for (const label of labels) if (others.has(label)) return true;
  return false;
}

function checkItem(
  { tables, terminals }: LexingParts,
  followers: Followers,
  terminal: TerminalInGraph,
  label: Label,
  placed: PlacedTerminal,
): void {
  if (terminal.alwaysEnds((following) => followers.goesOn(placed, following))) return;
  const rule = tables.productions.names[tables.lefts[placed.item]].replace("…", "");
  throw new UnsupportedError({
    message: `In the rule "${rule}", nothing can follow the terminal ${terminals.at(label).description}: the longest match takes all that may come next for a part of it.`,
    place: `rule ${rule}`,
    hint: "Ignore white space, put a separator in between, or join the terminals into one.",
  });
}
