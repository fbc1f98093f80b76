import type { Term } from "./term.ts";

/** What the searches for members need of an arena. */
export interface LanguageView {
  next(term: Term, byte: number): Term;
  isNullable(term: Term): boolean;
  /** The class number of each byte. */
  byteClasses(term: Term): Uint8Array;
  spend(): void;
  /** A shortest member where a machine knows one. */
  shortestKnown(term: Term): Uint8Array | undefined;
}

/** One byte of a shortest member: the byte, what follows, and how many bytes there are from here. */
interface Step {
  readonly byte: number;
  readonly to: Term;
  readonly length: number;
}

/** Finds shortest members by breadth-first search, and remembers each step of those found. */
export class ShortestMembers {
  readonly #view: LanguageView;
  readonly #steps: Map<Term, Step> = new Map();
  readonly #known: Map<Term, Uint8Array | undefined> = new Map();

  constructor(view: LanguageView) {
    this.#view = view;
  }

  /** A shortest member of a language that is not empty. Time: the states closer to the start than the member's end. */
  find(term: Term): Uint8Array {
    if (this.#length(term) === Infinity) this.#search(term);
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

  #search(root: Term): void {
    const view = this.#view;
    const seen = new Set<Term>([root]);
    const terms: Term[] = [root];
    const parents: number[] = [-1];
    const bytes: number[] = [-1];
    const depths: number[] = [0];
    const isSettled: boolean[] = [false];
    let best = -1;
    let bestLength = Infinity;
    for (let from = 0; from < terms.length && depths[from] + 1 < bestLength; from++) {
      if (isSettled[from]) continue;
      view.spend();
      for (const byte of pleasantFirst(view.byteClasses(terms[from]))) {
        const to = view.next(terms[from], byte);
        if (to === 0 || seen.has(to)) continue;
        seen.add(to);
        const entry = terms.push(to) - 1;
        parents.push(from);
        bytes.push(byte);
        depths.push(depths[from] + 1);
        const length = depths[entry] + this.#length(to);
        isSettled.push(length !== Infinity);
        if (length < bestLength) {
          best = entry;
          bestLength = length;
        }
      }
    }
    for (let entry = best; parents[entry] !== -1; entry = parents[entry]) {
      const from = parents[entry];
      this.#steps.set(terms[from], { byte: bytes[entry], to: terms[entry], length: bestLength - depths[from] });
    }
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
