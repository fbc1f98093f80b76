import type { WorkBudget } from "../budget/work-budget.ts";
import { isWithin, type ByteBits } from "./byte-bits.ts";
import type { LexicalSets } from "./lexical-sets.ts";
import { END_SYMBOL, type Item, type ParseTables } from "./parse-tables.ts";
import { BEGINNING, PrecedingLabels } from "./preceding-labels.ts";
import type { Label } from "./terminal-table.ts";

/** A place of a terminal, and the terminals of which one was read right before. */
export interface PlacedTerminal {
  readonly item: Item;
  /** BEGINNING among them where that may be the beginning of the text. */
  readonly after: ReadonlySet<Label>;
}

/** By ignored terminal: the terminals in front of which it might not be left again, were nothing else expected there. */
export type Doubts = ReadonlyMap<Label, ReadonlySet<Label>>;

export interface FollowersParts {
  readonly tables: ParseTables;
  readonly sets: LexicalSets;
  /** Terminals that may stand between any others. */
  readonly ignored: ReadonlySet<Label>;
  readonly budget: WorkBudget;
}

/** What may follow a place in a production, as far as a longest match leaves it over. */
export class Followers {
  readonly #parts: FollowersParts;
  readonly #firstOf: (item: Item) => ReadonlySet<Label>;
  readonly #doubts: Doubts;
  readonly #uses = new Map<number, Item[]>();
  #preceding: PrecedingLabels | undefined;
  /** Of {@link surelyGoesOn}. */
  readonly #sure = new Map<ByteBits, boolean>();
  readonly #answers = new WeakMap<ReadonlySet<Label>, Map<string, boolean>>();

  constructor(parts: FollowersParts, firstOf: (item: Item) => ReadonlySet<Label>, doubts: Doubts) {
    this.#parts = parts;
    this.#doubts = doubts;
    this.#firstOf = firstOf;
    const { tables } = parts;
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

  /** Whether something that is ignored everywhere, and can be left again, may follow any terminal. */
  surelyGoesOn(following: ByteBits): boolean {
    let answer = this.#sure.get(following);
    if (answer === undefined) {
      const ignored = [...this.#parts.ignored].filter((label) => !this.#doubts.has(label));
      this.#sure.set(following, (answer = this.#begins(ignored, following)));
    }
    return answer;
  }

  /** Whether something may follow wherever the parser stands after a terminal, or the text may end. */
  goesOn({ item, after }: PlacedTerminal, following: ByteBits): boolean {
    let answers = this.#answers.get(after);
    if (answers === undefined) this.#answers.set(after, (answers = new Map<string, boolean>()));
    const key = `${item},${following.join(",")}`;
    let answer = answers.get(key);
    if (answer === undefined) answers.set(key, (answer = this.#search(item, after, following)));
    return answer;
  }

  /** Whether one of what is expected, or what is ignored and can be left for it, begins with a byte that is not in `following`. */
  #canBegin(expected: ReadonlySet<Label>, following: ByteBits): boolean {
    if (this.#begins(expected, following)) return true;
    if (expected.size === 0) return false;
    const ignored = [...this.#parts.ignored].filter((label) => {
      const doubts = this.#doubts.get(label);
      return doubts === undefined || [...expected].some((one) => !doubts.has(one));
    });
    return this.#begins(ignored, following);
  }

  /** The terminals that may be expected after one at such a place. */
  expectedAfter({ item, after }: PlacedTerminal): ReadonlySet<Label> {
    const { tables, budget } = this.#parts;
    const expected = new Set<Label>();
    this.#follow(item, after, (place) => {
      budget.spend();
      for (const label of this.#firstOf(place)) expected.add(label);
      return tables.completes[place] === 1 ? "above" : "here";
    });
    return expected;
  }

  #search(first: Item, after: ReadonlySet<Label>, following: ByteBits): boolean {
    const { tables, budget } = this.#parts;
    return this.#follow(first, after, (place) => {
      budget.spend();
      if (tables.symbols[place] === END_SYMBOL || this.#canBegin(this.#firstOf(place), following)) return "here";
      return tables.completes[place] === 1 ? "above" : "nowhere";
    });
  }

  /**
   * Goes through the places where the parser may stand after a terminal.
   * @param look says of a place where the parser goes on: there, or where the production ends; or that it cannot
   * @returns false as soon as it cannot
   */
  #follow(first: Item, after: ReadonlySet<Label>, look: (place: Item) => "here" | "above" | "nowhere"): boolean {
    const { tables, budget } = this.#parts;
    // Places after what was read, and those of them where nothing of the production had been read before that.
    const preceding = (this.#preceding ??= new PrecedingLabels(tables, budget));
    const free = new Set<Item>();
    const bound = new Set<Item>();
    const enter = (item: Item): void => {
      const { labels, mayBeEmpty } = preceding.before(item);
      if (intersects(labels, after)) free.add(item + 1);
      if (!mayBeEmpty) return;
      if (tables.lefts[item] >= 0) bound.add(item + 1);
      else if (after.has(BEGINNING)) free.add(item + 1);
    };
    const usesOf = (item: Item): readonly Item[] => this.#uses.get(tables.lefts[item]) ?? [];
    enter(first);
    for (const item of bound) {
      const way = look(item);
      if (way === "nowhere") return false;
      if (way === "above") usesOf(item).forEach(enter);
    }
    for (const item of free) {
      const way = look(item);
      if (way === "nowhere") return false;
      if (way === "above") for (const use of usesOf(item)) free.add(use + 1);
    }
    return true;
  }
}

function intersects(labels: ReadonlySet<Label>, others: ReadonlySet<Label>): boolean {
  for (const label of labels) if (others.has(label)) return true;
  return false;
}
