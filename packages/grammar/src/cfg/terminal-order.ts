import { EMPTY, type Term } from "../regex/term.ts";
import { foldedText } from "./folded-text.ts";
import { mostCharacters } from "./most-characters.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

const ENCODER = new TextEncoder();
/** More than there are. */
const LABELS = 2 ** 26;

interface Order {
  /** By label: its place among all terminals, those that win first. */
  readonly positions: Int32Array;
  /** By label: the text of a literal, as {@link foldedText} has it. */
  readonly folded: readonly (string | undefined)[];
}

/**
 * Which terminal wins where several match the same text: the one of the highest priority; among equals literals before
 * patterns, what the grammar asks for before what it ignores, the one with the longest text that there could be, the longer pattern, the one whose
 * name comes first. That is Lark's order, but for what is ignored, which Lark does not ask.
 *
 * Losing is made part of the languages: of each terminal the languages of those that win over it are taken away. So at most one
 * terminal ends at a place, and one that always loses is not in progress at all.
 */
export class TerminalOrder {
  readonly #terminals: TerminalTable;
  readonly #ignored: ReadonlySet<Label>;
  readonly #overlaps = new Map<number, boolean>();
  /** Ignored terminals that, at some place, might not be left again. Set once the grammar is known. */
  doubtful: ReadonlySet<Label> = new Set();

  readonly #widths: (number | undefined)[] = [];
  #order: Order | undefined;

  constructor(terminals: TerminalTable, ignored: ReadonlySet<Label>) {
    this.#terminals = terminals;
    this.#ignored = ignored;
  }

  get ignored(): ReadonlySet<Label> {
    return this.#ignored;
  }

  /** The terminals that may be read where `expected` may come, with what each may match; EMPTY for automata. Labels ascending. */
  resolve(expected: readonly Label[], ignored: Iterable<Label>): (readonly [Label, Term])[] {
    const { arena } = this.#terminals;
    const { positions, folded } = this.#inOrder();
    const wanted = new Set([...expected, ...ignored]);
    const labels = [...wanted].sort((a, b) => positions[a] - positions[b]);
    const resolved: (readonly [Label, Term])[] = [];
    const patterns: Label[] = [];
    const literals = new Map<string, Label[]>();
    for (const label of labels) {
      const { term, guest } = this.#terminals.at(label);
      if (guest !== undefined) {
        resolved.push([label, EMPTY]);
        continue;
      }
      const text = folded[label];
      // Different literals do not overlap, unless they differ in case alone.
      const alike = text === undefined ? [...literals.values()].flat() : (literals.get(text) ?? []);
      const candidates = [...patterns, ...alike];
      arena.spend(candidates.length >>> 4);
      const winners = candidates.filter((winner) => this.#overlap(winner, label));
      const left =
        winners.length === 0
          ? term
          : arena.difference(term, arena.unionAll(winners.map((winner) => this.#terminals.at(winner).term)));
      if (text === undefined) patterns.push(label);
      else literals.set(text, [...alike, label]);
      if (!arena.isEmpty(left)) resolved.push([label, left]);
    }
    // A barrier wins over nothing, and where another terminal ends beside it, nobody asks.
    for (const label of this.#terminals.barriersOf(wanted)) resolved.push([label, this.#terminals.at(label).term]);
    return resolved.sort((a, b) => a[0] - b[0]);
  }

  /** The order in which terminals win, made when they are known. */
  #inOrder(): Order {
    const { count } = this.#terminals;
    if (this.#order?.positions.length === count) return this.#order;
    const labels = Array.from({ length: count }, (_, label) => label);
    const positions = new Int32Array(count);
    for (const [at, label] of labels.toSorted((a, b) => this.#compare(a, b)).entries()) positions[label] = at;
    const folded = labels.map((label) => {
      const { isLiteral, text } = this.#terminals.at(label).rank;
      return isLiteral && text !== undefined ? foldedText(text) : undefined;
    });
    return (this.#order = { positions, folded });
  }

  /** The terminal that wins among some that match the same text; -1 where there is none. */
  winner(labels: readonly Label[]): Label {
    let winner = -1;
    for (const label of labels) if (winner < 0 || this.#compare(label, winner) < 0) winner = label;
    return winner;
  }

  #compare(a: Label, b: Label): number {
    const first = this.#terminals.at(a).rank;
    const second = this.#terminals.at(b).rank;
    return (
      second.priority - first.priority ||
      Number(second.isLiteral) - Number(first.isLiteral) ||
      Number(this.#ignored.has(a)) - Number(this.#ignored.has(b)) ||
      this.#compareWidths(a, b) ||
      second.length - first.length ||
      compareNames(first.name, second.name) ||
      a - b
    );
  }

  #compareWidths(a: Label, b: Label): number {
    const [first, second] = [this.#widthOf(a), this.#widthOf(b)];
    return first === second ? 0 : second - first;
  }

  /** The length of a terminal's longest text, in characters. */
  #widthOf(label: Label): number {
    let width = this.#widths[label];
    if (width !== undefined) return width;
    const { arena } = this.#terminals;
    const { term, guest } = this.#terminals.at(label);
    const bytes = guest === undefined ? arena.maxLength(term) : Infinity;
    width = bytes > 1 && bytes < Infinity ? (mostCharacters(arena, term) ?? bytes) : bytes;
    return (this.#widths[label] = width);
  }

  #overlap(a: Label, b: Label): boolean {
    const key = Math.min(a, b) * LABELS + Math.max(a, b);
    let overlap = this.#overlaps.get(key);
    if (overlap === undefined) {
      overlap = this.#matchesLiteral(a, b) ?? this.#matchesLiteral(b, a) ?? this.#shareText(a, b);
      this.#overlaps.set(key, overlap);
    }
    return overlap;
  }

  /** Whether a terminal matches the text of another one; undefined where that one is no single text. */
  #matchesLiteral(label: Label, literal: Label): boolean | undefined {
    const { arena } = this.#terminals;
    const { text, ignoresCase } = this.#terminals.at(literal).rank;
    if (text === undefined || ignoresCase === true) return undefined;
    let { term } = this.#terminals.at(label);
    for (const byte of ENCODER.encode(text)) {
      if (term === EMPTY) return false;
      term = arena.next(term, byte);
    }
    return arena.isNullable(term);
  }

  #shareText(a: Label, b: Label): boolean {
    const { arena } = this.#terminals;
    return !arena.isEmpty(arena.intersect(this.#terminals.at(a).term, this.#terminals.at(b).term));
  }
}

function compareNames(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined || a === b) return 0;
  return a < b ? -1 : 1;
}
