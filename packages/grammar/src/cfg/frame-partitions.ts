import type { BytePartitionTable } from "../regex/byte-partition-table.ts";
import { hasByte } from "./byte-bits.ts";
import type { GrammarFrame } from "./grammar-frame.ts";
import type { LexicalSet, LexicalSets } from "./lexical-sets.ts";
import type { Row } from "./parse-rows.ts";

/** The classes of bytes before which frames of a grammar do the same: so that what is done is worked out once for each class. */
export class FramePartitions {
  readonly #partitions: BytePartitionTable;
  readonly #sets: LexicalSets;
  readonly #startOf: (row: Row) => LexicalSet;
  /** Of terminals in progress that may end, by set. */
  readonly #ofEnds = new Map<LexicalSet, number>();

  /** @param startOf the terminals that may begin in a row */
  constructor(partitions: BytePartitionTable, sets: LexicalSets, startOf: (row: Row) => LexicalSet) {
    this.#partitions = partitions;
    this.#sets = sets;
    this.#startOf = startOf;
  }

  /** Undefined where something else than terminals in progress decides what a frame does. */
  of(content: GrammarFrame): number | undefined {
    switch (content.kind) {
      case "living":
        return this.#joint([content.set]);
      case "opening":
      case "lexical":
        // Before an end nothing else tells bytes apart.
        return this.#sets.accepted(content.set) === 0 ? this.#joint([content.set]) : this.#withEnds(content.set);
      case "row":
      case "bare":
        return this.#joint([this.#startOf(content.row)]);
      case "mixed": {
        const sets = content.parts.map(({ set }) => set);
        return this.#joint(content.fresh === 0 ? sets : [...sets, this.#startOf(content.fresh)]);
      }
      case "guarded": {
        const sets = content.threads.flatMap(({ set, row, guards }) => [
          set === 0 ? this.#startOf(row) : set,
          ...guards,
        ]);
        return this.#joint(sets);
      }
      default:
        return undefined;
    }
  }

  /** The classes of bytes that none of some sets tells apart. */
  #joint(sets: readonly LexicalSet[]): number {
    const classes = new Uint8Array(256);
    let count = 1;
    for (const set of new Set(sets)) count = this.#partitions.refine(classes, this.#sets.classes(set), 0);
    return this.#partitions.intern(classes, count);
  }

  #withEnds(set: LexicalSet): number {
    const known = this.#ofEnds.get(set);
    if (known !== undefined) return known;
    const followers = this.#sets.followers(this.#sets.accepted(set));
    const doubtful = this.#sets.doubtful(set);
    const ends = new Uint8Array(256);
    for (let byte = 0; byte < 256; byte++) ends[byte] = followers[byte] * 2 + (hasByte(doubtful, byte) ? 1 : 0);
    const classes = this.#sets.classes(set).slice();
    const partition = this.#partitions.intern(classes, this.#partitions.refine(classes, ends, 0));
    this.#ofEnds.set(set, partition);
    return partition;
  }
}
