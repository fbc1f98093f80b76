import { UnsupportedError } from "../errors/unsupported-error.ts";
import { canAvoid } from "./adjacent-terminals.ts";
import { alphabetOf } from "./alphabet-of.ts";
import { addBytes, isWithin, newByteBits, type ByteBits } from "./byte-bits.ts";
import { type Doubts, Followers, type PlacedTerminal } from "./followers.ts";
import { withoutStuck } from "./ignored-terminals.ts";
import { labelContexts, type LabelContexts } from "./label-contexts.ts";
import type { LexicalSets } from "./lexical-sets.ts";
import { canEndEverywhere } from "./lexing-everywhere.ts";
import { explore, type Graph, type LexingLimits, type LexingParts } from "./lexing-graph.ts";
import type { Item } from "./parse-tables.ts";
import { BEGINNING } from "./preceding-labels.ts";
import type { Label } from "./terminal-table.ts";

/** Sets of terminals in progress that are looked at. */
const MAX_SETS = 3_000;
/** Steps of single terminals that are taken for that. */
const MAX_STEPS = 1_000_000;
/** Where a terminal has more places, only what goes on at its ends is looked at: then most of them are soon done with. */
const MANY_USES = 256;

/**
 * Makes sure that a terminal which has been begun can always end where something may follow: that its longest match does not
 * swallow the beginning of all that may come next, as in `NAME NAME` with nothing ignored between the two.
 *
 * Judged for every place in every production by itself, with all terminals in progress that may stand beside one another after any
 * terminal that may come right before that place.
 * So a grammar that passes has no dead ends; one that is refused might, in rare cases, have had none.
 * @returns false when there are too many sets of terminals to look at all of them, when a terminal never wins where it is expected, and
 * when one is needed right after another that may take it for a part of itself
 * @throws UnsupportedError naming the terminal and the rule
 */
export function checkLexing(parts: LexingParts): boolean {
  const { tables, sets, terminals, order, budget } = parts;
  if (canEndEverywhere(parts, { sets: MAX_SETS, steps: MAX_STEPS })) return true;
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
  const contextList = [...starts.values()];
  if (order.ignored.size === 0) return checkWithoutIgnored(parts, contextList, uses, contexts, limits);
  const graphs: (readonly [Context, Graph])[] = [];
  for (const context of contextList) {
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
  const followers = new Followers({ tables, sets, ignored: order.ignored, budget }, contexts.firstOf, doubts);
  const swallowed = new Map<Label, Set<Label>>();
  for (const [{ labels, after }, graph] of graphs) {
    for (const label of labels) {
      const terminal = new TerminalInGraph(graph, sets, label);
      if (terminal.alwaysEnds((following) => followers.surelyGoesOn(following))) continue;
      for (const item of uses[label]) checkItem(parts, followers, terminal, label, { item, after });
      addLabels(
        swallowed,
        label,
        swallowedAfter(terminal, { follow: contexts.follow[label], uses: uses[label], after }, followers),
      );
    }
  }
  return (
    !contextList.some(({ labels }) => losesAlways(sets, labels)) && canAvoid(swallowed, tables, parts.terminals, budget)
  );
}

/** Whether there is a terminal that another one always wins over where it is expected: what needs it may be waited for in vain. */
function losesAlways(sets: LexicalSets, labels: readonly Label[]): boolean {
  const start = sets.start(labels, true);
  return labels.some((label) => sets.residual(start, label) === 0);
}

/** Which terminals that are expected after one, read after some others, may only be read as a part of it. */
function swallowedAfter(
  terminal: TerminalInGraph,
  places: { readonly follow: readonly Label[]; readonly uses: readonly Item[]; readonly after: ReadonlySet<Label> },
  followers: Followers,
): readonly Label[] {
  const perhaps = terminal.swallowed(places.follow, followers);
  if (perhaps.length === 0) return perhaps;
  const expected = places.uses.map((item) => followers.expectedAfter({ item, after: places.after }));
  return perhaps.filter((label) => expected.some((labels) => labels.has(label)));
}

function addLabels(lists: Map<Label, Set<Label>>, key: Label, labels: readonly Label[]): void {
  if (labels.length === 0) return;
  const known = lists.get(key);
  if (known === undefined) lists.set(key, new Set(labels));
  else for (const label of labels) known.add(label);
}

/** {@link checkLexing} where nothing is ignored. Sets are only looked at where alphabets do not tell that a terminal can end. */
function checkWithoutIgnored(
  parts: LexingParts,
  contexts: readonly Context[],
  uses: readonly (readonly Item[])[],
  { firstOf, follow }: LabelContexts,
  limits: LexingLimits,
): boolean {
  const { tables, sets, order, budget } = parts;
  const followers = new Followers({ tables, sets, ignored: order.ignored, budget }, firstOf, new Map());
  const alphabets = new TerminalAlphabets(parts);
  const swallowed = new Map<Label, Set<Label>>();
  for (const { labels, after } of contexts) {
    let graph: Graph | undefined;
    for (const label of labels) {
      const following = alphabets.following(label, labels);
      const isFew = uses[label].length <= MANY_USES;
      const isOpen = follow[label].every((next) => !isWithin(sets.firstBytes(next), following));
      if (isOpen && isFew && uses[label].every((item) => followers.goesOn({ item, after }, following))) continue;
      graph ??= explore(sets, sets.start(labels, true), limits, budget);
      if (graph === undefined) return false;
      const terminal = new TerminalInGraph(graph, sets, label);
      for (const item of uses[label]) checkItem(parts, followers, terminal, label, { item, after });
      addLabels(
        swallowed,
        label,
        swallowedAfter(terminal, { follow: follow[label], uses: uses[label], after }, followers),
      );
    }
  }
  return (
    !contexts.some(({ labels }) => losesAlways(sets, labels)) && canAvoid(swallowed, tables, parts.terminals, budget)
  );
}

/** Bytes with which terminals may go on where one ends. */
class TerminalAlphabets {
  readonly #parts: LexingParts;
  readonly #alphabets: ByteBits[] = [];

  constructor(parts: LexingParts) {
    this.#parts = parts;
  }

  /**
   * The bytes with which one of `labels`, or another beside it, may go on where it ends: from wherever it is in progress, an end is
   * reached where no other bytes are among them.
   */
  following(label: Label, labels: readonly Label[]): ByteBits {
    const { sets, terminals } = this.#parts;
    const { text, ignoresCase } = terminals.at(label).rank;
    if (text === undefined || ignoresCase === true) return this.#beside(label, labels);
    let set = sets.start(labels, true);
    for (const byte of new TextEncoder().encode(text)) set = sets.step(set, byte);
    return sets.following(set);
  }

  /** The bytes of all of `labels` that may be in progress together with one of them. */
  #beside(label: Label, labels: readonly Label[]): ByteBits {
    const { sets } = this.#parts;
    const first = sets.firstBytes(label);
    const bytes = newByteBits();
    for (const other of [...labels, ...this.#parts.terminals.barriersOf(labels)]) {
      if (sets.firstBytes(other).some((word, i) => (word & first[i]) !== 0)) addBytes(bytes, this.#of(other));
    }
    return bytes;
  }

  #of(label: Label): ByteBits {
    const { terminals } = this.#parts;
    const { term, guest } = terminals.at(label);
    return (this.#alphabets[label] ??=
      guest === undefined ? alphabetOf(terminals.arena, term) : newByteBits().fill(0xffff_ffff));
  }
}

/** Terminals that may stand beside one another, and after which. */
interface Context {
  readonly labels: readonly Label[];
  /** BEGINNING among them where that is at the beginning of the text. */
  readonly after: Set<Label>;
}

function doubtsOfIgnored(graphs: readonly (readonly [Context, Graph])[], parts: LexingParts): Doubts {
  const { sets, order } = parts;
  const doubts = new Map<Label, Set<Label>>();
  const { ignored } = order;
  for (const [{ labels }, graph] of graphs) {
    const [start] = graph.sets;
    // What loses here was not looked at, and may win where less is expected.
    for (const label of ignored) if (sets.residual(start, label) === 0) addLabels(doubts, label, labels);
    for (const label of labels) {
      if (sets.residual(start, label) === 0) continue;
      for (const stuck of withoutStuck(sets, { labels, ignored, expected: [label], mayEnd: false }).stuck) {
        addLabels(doubts, stuck, [label]);
      }
    }
  }
  return doubts;
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

  /** Which of some terminals may only be read as a part of this one, or of another beside it, once it is in progress. */
  swallowed(labels: readonly Label[], followers: Followers): readonly Label[] {
    return labels.filter((label) => {
      const first = this.#sets.firstBytes(label);
      return !this.alwaysEnds((following) => !isWithin(first, following) || followers.surelyGoesOn(following));
    });
  }

  #reachesAll(ends: readonly number[]): boolean {
    const reached = new Set(ends);
    for (const number of reached) {
      for (const from of this.#graph.before[number]) if (this.#inProgress.has(from)) reached.add(from);
    }
    return reached.size === this.#inProgress.size;
  }
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
    hint: 'Ignore white space, put a separator in between, join the terminals into one, or have Lark read with the lexer "dynamic_complete".',
  });
}
