import type { Steps } from "../budget/steps.ts";
import type { Term } from "./term.ts";

/** What the searches for members need of an arena. */
export interface LanguageView {
  next(term: Term, byte: number): Term;
  /** {@link next}, but for derivatives of which it is not known yet that they are empty. */
  possible(term: Term, byte: number): Term;
  /** Remembers that a term is not empty. */
  keepAlive(term: Term): void;
  /** No member is shorter. */
  minLength(term: Term): number;
  isNullable(term: Term): boolean;
  /** The class number of each byte. */
  byteClasses(term: Term): Uint8Array;
  spend(): void;
  /** Does work in steps, of which those that were done are kept. */
  run<Result>(work: unknown, begin: () => Steps<Result>): Result;
  /** A shortest member where a machine knows one. */
  shortestKnown(term: Term): Uint8Array | undefined;
}

/** Searched between two steps, on the average. */
const STATES_AT_A_TIME = 4;

/** One byte of a shortest member: the byte, what follows, and how many bytes there are from here. */
interface Step {
  readonly byte: number;
  readonly to: Term;
  readonly length: number;
}

/**
 * Finds shortest members, and remembers each step of those found. The search goes where the length so far and the least that may follow
 * add up to least (A*, with the lower bound that is read off a term), deeper first, and asks of no term on the way whether it is empty.
 */
export class ShortestMembers {
  readonly #view: LanguageView;
  readonly #steps: Map<Term, Step> = new Map();
  readonly #known: Map<Term, Uint8Array | undefined> = new Map();

  constructor(view: LanguageView) {
    this.#view = view;
  }

  /** A shortest member of a language that is not empty. Time: the states that a shorter one might lead through. */
  find(term: Term): Uint8Array {
    if (this.#length(term) === Infinity) this.#view.run(`shortest of ${term}`, () => this.#search(term));
    const bytes: number[] = [];
    for (let at = term; !this.#view.isNullable(at);) {
      const known = this.#knownMember(at);
      if (known !== undefined) {
        bytes.push(...known);
        break;
      }
      const step = this.#steps.get(at) as Step;
      bytes.push(step.byte);
      at = step.to;
    }
    return Uint8Array.from(bytes);
  }

  /** Bytes of a shortest member; Infinity where that takes a search. */
  #length(term: Term): number {
    if (this.#view.isNullable(term)) return 0;
    return this.#steps.get(term)?.length ?? this.#knownMember(term)?.length ?? Infinity;
  }

  #knownMember(term: Term): Uint8Array | undefined {
    let known = this.#known.get(term);
    if (known === undefined && !this.#known.has(term)) {
      known = this.#view.shortestKnown(term);
      this.#known.set(term, known);
    }
    return known;
  }

  *#search(root: Term): Steps<void> {
    const view = this.#view;
    const open = new DepthFirstQueue();
    const entryOf = new Map<Term, number>([[root, 0]]);
    const terms: Term[] = [root];
    const parents: number[] = [-1];
    const bytes: number[] = [-1];
    const depths: number[] = [0];
    /** The least length by way of an entry; -1 where nothing is left to be searched. */
    const leasts: number[] = [0];
    let best = -1;
    let bestLength = Infinity;
    open.push(view.minLength(root), 0);
    for (let from = open.pop(bestLength); from !== -1; from = open.pop(bestLength)) {
      // The way there that was found later is shorter.
      if (entryOf.get(terms[from]) !== from) continue;
      view.spend();
      if (terms.length % STATES_AT_A_TIME === 0) yield;
      const depth = depths[from] + 1;
      const firstChild = terms.length;
      for (const byte of pleasantFirst(view.byteClasses(terms[from]))) {
        const to = view.possible(terms[from], byte);
        if (to === 0) continue;
        const known = entryOf.get(to);
        if (known !== undefined && depths[known] <= depth) continue;
        const length = this.#length(to);
        const least = depth + (length === Infinity ? view.minLength(to) : length);
        if (least >= bestLength) continue;
        const entry = terms.push(to) - 1;
        entryOf.set(to, entry);
        parents.push(from);
        bytes.push(byte);
        depths.push(depth);
        leasts.push(length === Infinity ? least : -1);
        if (length === Infinity) continue;
        best = entry;
        bestLength = least;
      }
      // The last one that is put on is the first to be followed.
      for (let entry = terms.length - 1; entry >= firstChild; entry--) {
        if (leasts[entry] >= 0) open.push(leasts[entry], entry);
      }
    }
    for (let entry = best; parents[entry] !== -1; entry = parents[entry]) {
      const from = parents[entry];
      this.#steps.set(terms[from], { byte: bytes[entry], to: terms[entry], length: bestLength - depths[from] });
      view.keepAlive(terms[from]);
    }
    view.keepAlive(terms[best]);
  }
}

/** Entries by a small number, least first; among those of one number, the last one that was put on. */
class DepthFirstQueue {
  readonly #stacks = new Map<number, number[]>();
  #least = Infinity;
  #greatest = -1;

  push(key: number, entry: number): void {
    const stack = this.#stacks.get(key);
    if (stack === undefined) this.#stacks.set(key, [entry]);
    else stack.push(entry);
    this.#least = Math.min(this.#least, key);
    this.#greatest = Math.max(this.#greatest, key);
  }

  /** -1 when no entry has a number below `limit`. */
  pop(limit: number): number {
    for (; this.#least < limit && this.#least <= this.#greatest; this.#least++) {
      const entry = this.#stacks.get(this.#least)?.pop();
      if (entry !== undefined) return entry;
    }
    return -1;
  }
}

/** Lower rank, nicer byte: letters, digits, other printable ASCII, and then the rest. */
function rank(byte: number): number {
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61;
  if (byte >= 0x30 && byte <= 0x39) return 0x100 + byte;
  if (byte >= 0x41 && byte <= 0x5a) return 0x200 + byte;
  if (byte >= 0x20 && byte <= 0x7e) return 0x300 + byte;
  return 0x400 + byte;
}

const ranks: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => rank(byte));

/** The best-ranked byte of each class, best first. */
function pleasantFirst(classes: Uint8Array): number[] {
  const best: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const known = best[classes[byte]];
    if (known === undefined || ranks[byte] < ranks[known]) best[classes[byte]] = byte;
  }
  return best.sort((a, b) => ranks[a] - ranks[b]);
}
