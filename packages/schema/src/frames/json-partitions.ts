import { EMPTY, TRIVIAL_PARTITION, type BytePartitionTable } from "@espalier/grammar";
import { NO_CONTENT } from "../content/content-table.ts";
import { LITERAL_FALSE, LITERAL_NULL, LITERAL_TRUE } from "../formula/formula.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";
import type { ArrayStates } from "./array-states.ts";
import { isBlank } from "./blanks.ts";
import { OUTSIDE, type EscapeState } from "./escapes.ts";
import type { JsonFrame, StructureFrame } from "./json-frame.ts";
import type { Slot } from "./slot.ts";
import type { Cursor, TextCursors } from "./text-cursors.ts";

/** Bytes that mean something of their own inside the quotes of a string: the quote, the backslash, and controls. */
const STRING_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x22 ? 1 : byte === 0x5c ? 2 : byte < 0x20 ? 3 : 0,
);

/** Where whitespace can go no further, blanks are refused and other bytes end it. */
const BLANKS = Uint8Array.from({ length: 256 }, (_, byte) => (isBlank(byte) ? 1 : 0));

interface JsonPartitionsParts {
  readonly table: BytePartitionTable;
  readonly values: ValueAlgebra;
  readonly cursors: TextCursors;
  readonly arrays: ArrayStates;
}

/** Which bytes frames of JSON text tell apart: the fewer classes, the fewer actions are worked out. */
export class JsonPartitions {
  readonly #table: BytePartitionTable;
  readonly #values: ValueAlgebra;
  readonly #cursors: TextCursors;
  readonly #arrays: ArrayStates;
  readonly #structure: Readonly<
    Record<Exclude<StructureFrame["kind"], "colon" | "array-open" | "array-comma">, number>
  >;
  /** Of frames that wait for a value, by the bytes with which it may begin. */
  readonly #startPartitions = new Map<string, number>();
  /** By slot. */
  readonly #starts: string[] = [];
  /** After a backslash. */
  readonly #escapePartition: number;
  /** Inside `\\uXXXX`, and before the second half of a pair. */
  readonly #hexPartition: number;
  readonly #literalPartitions = new Map<number, number>();
  /** Of text outside of escapes, by the signature of its cursor. */
  readonly #textPartitions = new Map<number, number>();

  constructor({ table, values, cursors, arrays }: JsonPartitionsParts) {
    this.#table = table;
    this.#values = values;
    this.#cursors = cursors;
    this.#arrays = arrays;
    this.#structure = {
      "object-open": this.#apart('"}'),
      "object-comma": this.#apart('"'),
      "key-end": this.#apart(":"),
      "unknown-key-end": this.#apart(":"),
      "object-after": this.#apart(",}"),
      "array-after": this.#apart(",]"),
    };
    this.#escapePartition = this.#interned(toldApart([...'bfnrtu"/\\'].map(byteOf)));
    this.#hexPartition = this.#interned(toldApart([..."0123456789abcdefABCDEFu\\"].map(byteOf)));
  }

  /** The number of the partition of a frame in the table; undefined where the frame may tell every byte apart. */
  of(content: JsonFrame): number | undefined {
    switch (content.kind) {
      case "text":
        return this.#textPartition(content.cursor, content.escape);
      case "content":
        return content.escape === OUTSIDE ? undefined : this.#insideEscape(content.escape);
      case "number":
        return this.#interned(this.#cursors.byteClasses(content.cursor));
      case "literal":
        return this.#literalPartition(content.text.charCodeAt(content.at));
      case "whitespace":
        return this.#interned(this.#values.arena.jointClasses([content.language], BLANKS));
      case "unknown-object":
        return this.#structure["object-open"];
      case "unknown-text":
        return content.cursor === 0 ? TRIVIAL_PARTITION : this.#textPartition(content.cursor, OUTSIDE);
      case "key-pending":
      case "member-pending":
      case "item-pending":
        return TRIVIAL_PARTITION;
      case "value":
      case "before-value":
        return this.#startPartition(content.slot, "");
      case "colon":
        return this.#startPartition(content.member.slot, "");
      case "array-open":
      case "array-comma":
        return this.#startPartition(this.#arrays.item(content.state)?.slot, "]");
      default:
        return this.#structure[content.kind];
    }
  }

  /** Tells apart the bytes with which a value of `slot` may begin, blanks, and those of `others`. */
  #startPartition(slot: Slot | undefined, others: string): number {
    const bytes = others + (slot === undefined ? "" : (this.#starts[slot.id] ??= this.#startsOf(slot)));
    let partition = this.#startPartitions.get(bytes);
    if (partition === undefined) this.#startPartitions.set(bytes, (partition = this.#apart(bytes)));
    return partition;
  }

  /** The bytes with which a value of `slot` may begin, and perhaps some with which none does. */
  #startsOf(slot: Slot): string {
    const { none } = this.#values.numbers;
    let starts = "";
    for (const value of slot.values) {
      const { string, content, object, array, number, literals } = this.#values.expand(value);
      if (string !== EMPTY || content !== NO_CONTENT) starts += '"';
      if (object.kind === "and" || object.branches.length > 0) starts += "{";
      if (array.kind === "and" || array.branches.length > 0) starts += "[";
      if (number !== none) starts += "-0123456789";
      if ((literals & LITERAL_NULL) !== 0) starts += "n";
      if ((literals & LITERAL_TRUE) !== 0) starts += "t";
      if ((literals & LITERAL_FALSE) !== 0) starts += "f";
    }
    return starts;
  }

  #apart(bytes: string): number {
    return this.#interned(toldApart([...` \t\n\r${bytes}`].map(byteOf)));
  }

  #textPartition(cursor: Cursor, escape: EscapeState): number {
    if (escape !== OUTSIDE) return this.#insideEscape(escape);
    const signature = this.#cursors.byteSignature(cursor);
    let partition = this.#textPartitions.get(signature);
    if (partition === undefined) {
      partition = this.#interned(this.#cursors.byteClasses(cursor, STRING_BYTES));
      if (signature >= 0) this.#textPartitions.set(signature, partition);
    }
    return partition;
  }

  #insideEscape(escape: EscapeState): number {
    return escape === "\\" ? this.#escapePartition : this.#hexPartition;
  }

  #literalPartition(byte: number): number {
    let partition = this.#literalPartitions.get(byte);
    if (partition === undefined) {
      partition = this.#interned(toldApart([byte]));
      this.#literalPartitions.set(byte, partition);
    }
    return partition;
  }

  /** @param classes numbered by their least byte */
  #interned(classes: Uint8Array): number {
    let count = 0;
    for (let byte = 0; byte < 256; byte++) if (classes[byte] === count) count++;
    return this.#table.intern(classes, count);
  }
}

function byteOf(char: string): number {
  return char.charCodeAt(0);
}

/** Classes of bytes, numbered by their least byte: each of `bytes` alone, and the others. */
function toldApart(bytes: readonly number[]): Uint8Array {
  const classes = new Uint8Array(256);
  let count = 0;
  let others = -1;
  for (let byte = 0; byte < 256; byte++) {
    if (bytes.includes(byte)) classes[byte] = count++;
    else classes[byte] = others < 0 ? (others = count++) : others;
  }
  return classes;
}
