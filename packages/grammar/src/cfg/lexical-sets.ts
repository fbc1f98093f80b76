import type { TermArena } from "../regex/term-arena.ts";
import { EMPTY } from "../regex/term.ts";
import { BOUNDARY, CONTINUATIONS, NO_PHASE, nextTextPhase } from "../regex/utf8-phase.ts";
import { addByte, addBytes, hasByte, isNoByte, newByteBits, type ByteBits } from "./byte-bits.ts";
import { withoutStuck } from "./ignored-terminals.ts";
import type { TerminalOrder } from "./terminal-order.ts";
import { TerminalResiduals, type Residual } from "./terminal-residuals.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

/** The number of an interned set of terminals in progress. 0 is the empty set. */
export type LexicalSet = number;

/** The number of an interned set of labels. 0 is the empty set. */
export type LabelSet = number;

interface SetContent {
  /** Pairs (label, residual) of the terminals in progress; labels ascending. */
  readonly entries: readonly number[];
  classes: Uint8Array | undefined;
  /** By class of bytes, as far as they have been asked for; empty before the classes are known. */
  steps: LexicalSet[];
  successors: readonly LexicalSet[] | undefined;
  /** -1 until it is asked for. */
  accepted: LabelSet;
  isEnd: boolean | undefined;
  following: ByteBits | undefined;
  doubtful: ByteBits | undefined;
}

const UNKNOWN = -1;
const NO_BYTES = newByteBits();

/**
 * Sets of terminals in progress, each with what is left of it. Interned, so that all rows of the
 * parser that expect the same terminals share them, and the masks made for them.
 */
export class LexicalSets {
  readonly #terminals: TerminalTable;
  readonly #arena: TermArena;
  readonly #residuals: TerminalResiduals;
  readonly #order: TerminalOrder | undefined;
  readonly #sets: SetContent[] = [];
  readonly #ids = new Map<string, LexicalSet>();
  readonly #starts = [new Map<readonly Label[], LexicalSet>(), new Map<readonly Label[], LexicalSet>()] as const;
  readonly #labelSets: (readonly Label[])[] = [];
  readonly #labelSetIds = new Map<string, LabelSet>();
  readonly #followers = new Map<LabelSet, Uint8Array>();
  /** Of {@link followers}, by content. */
  readonly #flags = new Map<string, Uint8Array>();
  /** By label: the bytes that may follow it. Set once the grammar is known. */
  follow: ByteBits[] = [];

  /** @param order given when texts are cut into terminals first, and an end is one only where nothing goes on */
  constructor(terminals: TerminalTable, order: TerminalOrder | undefined) {
    this.#terminals = terminals;
    this.#arena = terminals.arena;
    this.#residuals = new TerminalResiduals(terminals);
    this.#order = order;
    this.#intern([]);
    this.#internLabels([]);
  }

  get count(): number {
    return this.#sets.length - 1;
  }

  /**
   * All of `labels` before their first byte, and what is ignored, unless it could not be left again.
   * @param mayEnd whether the text may end here as well
   */
  start(labels: readonly Label[], mayEnd: boolean): LexicalSet {
    const starts = this.#starts[mayEnd ? 1 : 0];
    let set = starts.get(labels);
    if (set === undefined) {
      const order = this.#order;
      if (order === undefined) {
        set = this.unresolved(labels);
      } else {
        set = this.resolved(labels, order.ignored);
        const hasDoubts = [...order.doubtful].some((label) => this.residual(set!, label) !== 0);
        if (hasDoubts) set = withoutStuck(this, { labels, ignored: order.ignored, expected: labels, mayEnd }).start;
      }
      starts.set(labels, set);
    }
    return set;
  }

  /** Terminals before their first byte, none of which wins over another. */
  unresolved(labels: readonly Label[]): LexicalSet {
    const barriers = this.#terminals.barriersOf(labels);
    const all = barriers.length === 0 ? labels : [...labels, ...barriers].sort((a, b) => a - b);
    return this.#intern(all.flatMap((label) => [label, this.#residuals.start(label)]));
  }

  /** To be called when what is ignored has become doubtful. */
  forgetStarts(): void {
    for (const starts of this.#starts) starts.clear();
  }

  /** Terminals and ignored ones before their first byte, each without what others win. */
  resolved(labels: readonly Label[], ignored: Iterable<Label>): LexicalSet {
    const entries = this.#order!.resolve(labels, ignored).flatMap(([label, term]) => [
      label,
      term === EMPTY ? this.#residuals.start(label) : term,
    ]);
    return this.#intern(entries);
  }

  /** What is in progress in any of some sets, without automata. Only good for {@link step}. */
  unionOfTerms(sets: readonly LexicalSet[]): LexicalSet {
    const entries = sets.flatMap((set) => this.#sets[set].entries);
    return this.#intern(
      entries.filter((_, i) => {
        const label = entries[i - (i % 2)];
        return this.#terminals.at(label).guest === undefined && !this.#terminals.isBarrier(label);
      }),
    );
  }

  /** The set after one byte. Amortised O(1). */
  step(set: LexicalSet, byte: number): LexicalSet {
    const content = this.#sets[set];
    const { steps } = content;
    const each = (content.classes ?? this.classes(set))[byte];
    while (steps.length <= each) steps.push(UNKNOWN);
    const known = steps[each];
    return known === UNKNOWN ? (steps[each] = this.#step(set, byte)) : known;
  }

  #step(set: LexicalSet, byte: number): LexicalSet {
    const { entries } = this.#sets[set];
    const next: number[] = [];
    this.#arena.spend(entries.length >>> 1);
    for (let i = 0; i < entries.length; i += 2) {
      const residual = this.#residuals.next(entries[i], entries[i + 1], byte);
      if (residual !== 0) next.push(entries[i], residual);
    }
    return this.#intern(next);
  }

  /** Bytes of one class lead to the same set. Classes are numbered by their least bytes. Read only. */
  classes(set: LexicalSet): Uint8Array {
    const content = this.#sets[set];
    if (content.classes !== undefined) return content.classes;
    const classes = this.hasGuest(set)
      ? Uint8Array.from({ length: 256 }, (_, byte) => byte)
      : content.entries.length === 2
        ? this.#arena.byteClasses(content.entries[1]).slice()
        : this.#arena.jointClasses(content.entries.filter((_, i) => i % 2 === 1));
    return (content.classes = classes);
  }

  /** The sets after one byte, each once, without the empty one. */
  successors(set: LexicalSet): readonly LexicalSet[] {
    const content = this.#sets[set];
    if (content.successors !== undefined) return content.successors;
    const found = new Set<LexicalSet>();
    const classes = this.classes(set);
    for (let byte = 0, count = 0; byte < 256; byte++) {
      if (classes[byte] < count) continue;
      found.add(this.step(set, byte));
      count++;
    }
    found.delete(0);
    return (content.successors = [...found]);
  }

  /** The terminals that may end here. No barrier is among them. */
  accepted(set: LexicalSet): LabelSet {
    const content = this.#sets[set];
    if (content.accepted >= 0) return content.accepted;
    const labels: Label[] = [];
    const { entries } = content;
    for (let i = 0; i < entries.length; i += 2) {
      if (this.#residuals.isEnd(entries[i], entries[i + 1]) && !this.#terminals.isBarrier(entries[i]))
        labels.push(entries[i]);
    }
    return (content.accepted = this.#internLabels(labels));
  }

  /** Whether anything ends here, be it a barrier: a match that is longer than those that ended before. */
  isEnd(set: LexicalSet): boolean {
    const content = this.#sets[set];
    if (content.isEnd !== undefined) return content.isEnd;
    const { entries } = content;
    let isEnd = false;
    for (let i = 0; i < entries.length && !isEnd; i += 2) isEnd = this.#residuals.isEnd(entries[i], entries[i + 1]);
    return (content.isEnd = isEnd);
  }

  /** Whether only barriers are in progress, so that nothing can come of it. */
  isBlocked(set: LexicalSet): boolean {
    const { entries } = this.#sets[set];
    if (entries.length === 0) return false;
    for (let i = 0; i < entries.length; i += 2) if (!this.#terminals.isBarrier(entries[i])) return false;
    return true;
  }

  labelsOf(set: LabelSet): readonly Label[] {
    return this.#labelSets[set];
  }

  /** The bytes with which a terminal in progress goes on. */
  following(set: LexicalSet): ByteBits {
    const content = this.#sets[set];
    if (content.following !== undefined) return content.following;
    const bytes = newByteBits();
    for (let i = 0; i < content.entries.length; i += 2) {
      addBytes(bytes, this.#residuals.firstBytes(content.entries[i], content.entries[i + 1]));
    }
    return (content.following = bytes);
  }

  /** True when no terminal in progress goes on. */
  isExhausted(set: LexicalSet): boolean {
    return isNoByte(this.following(set));
  }

  /**
   * True when a terminal in progress may go on with `byte`, and one may as well end before it. Judged by all that may follow the
   * terminal anywhere in the grammar, so that it holds for all rows alike. Where terminals are as long as can be, going on wins
   * at once if it leads to an end with that byte. Amortised O(1).
   */
  isDoubtful(set: LexicalSet, byte: number): boolean {
    return hasByte(this.doubtful(set), byte);
  }

  /** The bytes that {@link isDoubtful} is true for. */
  doubtful(set: LexicalSet): ByteBits {
    const content = this.#sets[set];
    return (content.doubtful ??= this.#doubtful(set));
  }

  #doubtful(set: LexicalSet): ByteBits {
    const labels = this.labelsOf(this.accepted(set));
    if (labels.length === 0) return NO_BYTES;
    const ending = newByteBits();
    for (const label of labels) addBytes(ending, this.#followOf(label));
    const following = this.following(set);
    const both = following.map((word, i) => word & ending[i]);
    return this.#order === undefined ? both : this.#unsettled(set, both);
  }

  /** The bytes that may follow one of some terminals somewhere: 1 for each of them, by byte. Amortised O(1). */
  followers(labels: LabelSet): Uint8Array {
    let flags = this.#followers.get(labels);
    if (flags !== undefined) return flags;
    const bytes = newByteBits();
    for (const label of this.labelsOf(labels)) addBytes(bytes, this.#followOf(label));
    const key = bytes.join(",");
    flags = this.#flags.get(key);
    if (flags === undefined) {
      flags = Uint8Array.from({ length: 256 }, (_, byte) => (hasByte(bytes, byte) ? 1 : 0));
      this.#flags.set(key, flags);
    }
    this.#followers.set(labels, flags);
    return flags;
  }

  /** Of some bytes, those with which a terminal in progress goes on and need not end with the character that they begin. */
  #unsettled(set: LexicalSet, among: ByteBits): ByteBits {
    if (isNoByte(among)) return NO_BYTES;
    const bytes = newByteBits();
    const classes = this.classes(set);
    const known: (boolean | undefined)[] = [];
    for (let byte = 0; byte < 256; byte++) {
      if (!hasByte(among, byte)) continue;
      // Characters of one length whose first bytes are of one class end alike, but for those whose second bytes are limited.
      const ends =
        byte < 0x80
          ? (known[classes[byte]] ??= this.#endsWithCharacter(set, byte))
          : this.#endsWithCharacter(set, byte);
      if (!ends) addByte(bytes, byte);
    }
    return bytes;
  }

  /** Whether a terminal ends with every character that begins with `lead`. */
  #endsWithCharacter(set: LexicalSet, lead: number): boolean {
    let sets = [this.step(set, lead)];
    for (let phase = nextTextPhase(BOUNDARY, lead); phase !== BOUNDARY && phase !== NO_PHASE;) {
      const [, low, high, after] = CONTINUATIONS.find(([before]) => before === phase)!;
      const next = new Set<LexicalSet>();
      for (const one of sets) for (let byte = low; byte <= high; byte++) next.add(this.step(one, byte));
      if (next.has(0)) return false;
      sets = [...next];
      phase = after;
    }
    return sets.every((one) => this.isEnd(one));
  }

  #followOf(label: Label): ByteBits {
    if (this.#order === undefined) return this.follow[label];
    const { ignored } = this.#order;
    const bytes = newByteBits();
    if (ignored.has(label)) {
      for (let other = 0; other < this.#terminals.count; other++) addBytes(bytes, this.firstBytes(other));
      return bytes;
    }
    addBytes(bytes, this.follow[label]);
    for (const other of ignored) addBytes(bytes, this.firstBytes(other));
    return bytes;
  }

  /** The labels in progress, with the bytes that complete each in the shortest way. */
  *shortestEnds(set: LexicalSet): Generator<readonly [label: Label, bytes: Uint8Array]> {
    const { entries } = this.#sets[set];
    for (let i = 0; i < entries.length; i += 2) {
      if (this.#terminals.isBarrier(entries[i])) continue;
      yield [entries[i], this.#residuals.shortestEnd(entries[i], entries[i + 1])];
    }
  }

  /** Without barriers. */
  labelsInProgress(set: LexicalSet): Label[] {
    return this.#sets[set].entries.filter((label, i) => i % 2 === 0 && !this.#terminals.isBarrier(label));
  }

  /** The only label in progress, when it is that of an automaton; else -1. */
  onlyGuest(set: LexicalSet): Label {
    const { entries } = this.#sets[set];
    return entries.length === 2 && this.#terminals.at(entries[0]).guest !== undefined ? entries[0] : -1;
  }

  /** Whether the automaton of a terminal is among those in progress. */
  hasGuest(set: LexicalSet): boolean {
    const { entries } = this.#sets[set];
    for (let i = 0; i < entries.length; i += 2) if (this.#terminals.at(entries[i]).guest !== undefined) return true;
    return false;
  }

  /** The residual of `label`; 0 when it is not in progress. */
  residual(set: LexicalSet, label: Label): Residual {
    const { entries } = this.#sets[set];
    for (let i = 0; i < entries.length; i += 2) if (entries[i] === label) return entries[i + 1];
    return 0;
  }

  /** A set that no text of at most `byteCount` bytes can tell from this one, where counts can be forgotten. */
  representative(set: LexicalSet, byteCount: number): LexicalSet {
    const { entries } = this.#sets[set];
    const forgotten: number[] = [];
    let changed = false;
    for (let i = 0; i < entries.length; i += 2) {
      // An end that is handed over with the set itself must not forget its counts.
      if (this.#order === undefined && !isNoByte(this.follow[entries[i]])) return set;
      const residual = this.#residuals.representative(entries[i], entries[i + 1], byteCount);
      changed ||= residual !== entries[i + 1];
      forgotten.push(entries[i], residual);
    }
    return changed ? this.#intern(forgotten) : set;
  }

  describe(set: LexicalSet): string {
    const { entries } = this.#sets[set];
    const names: string[] = [];
    for (let i = 0; i < entries.length && names.length < 6; i += 2) {
      const { guest, description } = this.#terminals.at(entries[i]);
      names.push(guest === undefined ? this.#arena.toString(entries[i + 1]) : description);
    }
    return `{${names.join(", ")}${entries.length > 12 ? ", …" : ""}}`;
  }

  /** The first bytes of a terminal. */
  firstBytes(label: Label): ByteBits {
    return this.#residuals.firstBytes(label, this.#residuals.start(label));
  }

  /** The bytes with which a terminal in progress goes on; none when it is not in progress. */
  firstBytesIn(set: LexicalSet, label: Label): ByteBits {
    return this.#residuals.firstBytes(label, this.residual(set, label));
  }

  #intern(entries: number[]): LexicalSet {
    const key = entries.join(",");
    let set = this.#ids.get(key);
    if (set === undefined) {
      this.#arena.spend(entries.length + 1);
      set = this.#sets.length;
      this.#sets.push({
        entries,
        classes: undefined,
        steps: [],
        successors: undefined,
        accepted: -1,
        isEnd: undefined,
        following: undefined,
        doubtful: undefined,
      });
      this.#ids.set(key, set);
    }
    return set;
  }

  #internLabels(labels: readonly Label[]): LabelSet {
    const key = labels.join(",");
    let set = this.#labelSetIds.get(key);
    if (set === undefined) {
      set = this.#labelSets.length;
      this.#labelSets.push(labels);
      this.#labelSetIds.set(key, set);
    }
    return set;
  }
}
