import type { Frame } from "../automaton/frame-machine.ts";
import type { TermArena } from "../regex/term-arena.ts";
import { isNoByte, type ByteBits } from "./byte-bits.ts";
import type { GrammarFrame } from "./grammar-frame.ts";
import type { LexicalSet, LexicalSets } from "./lexical-sets.ts";
import type { ParseRows, Row } from "./parse-rows.ts";
import type { TerminalOrder } from "./terminal-order.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

export interface GrammarCompletionsParts {
  readonly arena: TermArena;
  readonly terminals: TerminalTable;
  readonly rows: ParseRows;
  readonly sets: LexicalSets;
  readonly order: TerminalOrder | undefined;
  readonly after: (row: Row, label: Label) => Row;
}

const NOTHING = new Uint8Array(0);

/** Short texts with which frames of a grammar end, terminal by terminal, each on a shortest way of its row. */
export class GrammarCompletions {
  readonly #parts: GrammarCompletionsParts;
  readonly #above = new Map<number, Uint8Array>();

  constructor(parts: GrammarCompletionsParts) {
    this.#parts = parts;
  }

  /** The next part of a short text, by the frame alone. */
  ofFrame(content: GrammarFrame): Uint8Array {
    switch (content.kind) {
      case "row":
      case "bare":
        return this.#ofRow(content.row);
      case "opening":
      case "lexical":
      case "living": {
        let best: Uint8Array | undefined;
        for (const [, bytes] of this.#parts.sets.shortestEnds(content.set)) {
          if (best === undefined || bytes.length < best.length) best = bytes;
        }
        return best ?? NOTHING;
      }
      case "mixed":
        return this.#ofMixed(content);
      case "guarded": {
        const { rows } = this.#parts;
        if (content.threads.some(({ set, row }) => set === 0 && rows.isAccepting(row))) return NOTHING;
        const [{ set, row }] = content.threads;
        return set === 0 ? this.#ofRow(row) : this.#ofSet(set, row);
      }
      case "guest":
        return content.guest.machine.completion(content.frame);
      case "inner": {
        const { machine } = this.#parts.terminals.at(content.label).guest!;
        const bytes = machine.completion(content.frame);
        return bytes.length > 0 ? bytes : this.#ofRow(this.#parts.after(content.row, content.label));
      }
      default:
        return this.#ofRow(this.#parts.after(content.row, content.label));
    }
  }

  /** The next part of a short text of `content` above `below`. */
  above(content: GrammarFrame, frame: Frame, below: GrammarFrame, belowFrame: Frame): Uint8Array {
    if (content.kind === "guest") {
      const inner = below.kind === "guest" || below.kind === "inner" ? below.frame : 0;
      return content.guest.machine.completion(content.frame, inner);
    }
    if (below.kind !== "row" || (content.kind !== "opening" && content.kind !== "lexical"))
      return this.ofFrame(content);
    const key = frame * 0x200_0000 + belowFrame;
    let bytes = this.#above.get(key);
    if (bytes === undefined) {
      bytes = content.kind === "opening" ? this.#ofRow(below.row) : this.#ofSet(content.set, below.row);
      this.#above.set(key, bytes);
    }
    return bytes;
  }

  #ofMixed(content: GrammarFrame & { readonly kind: "mixed" }): Uint8Array {
    const { rows } = this.#parts;
    let best: Uint8Array = NOTHING;
    let least = Infinity;
    for (const { set, row } of content.parts) {
      for (const [bytes, cost] of this.#ends(set, row)) {
        if (bytes.length === 0 || cost >= least) continue;
        best = bytes;
        least = cost;
      }
    }
    return content.fresh !== 0 && rows.cost(content.fresh) < least ? this.#ofRow(content.fresh) : best;
  }

  /** Ways to complete a terminal in progress, with the bytes that each costs to the end of the text. */
  *#ends(set: LexicalSet, row: Row): Generator<readonly [Uint8Array, number]> {
    const { rows, sets, after } = this.#parts;
    for (const [label, bytes] of sets.shortestEnds(set)) yield [bytes, bytes.length + rows.cost(after(row, label))];
  }

  #ofSet(set: LexicalSet, row: Row): Uint8Array {
    const { order, sets, after } = this.#parts;
    const ways = [...this.#ends(set, row)].sort((a, b) => a[1] - b[1]);
    if (order === undefined) return ways[0][0];
    // A terminal that could go on ends only before a byte with which it does not.
    for (const [bytes] of ways) {
      if (bytes.length > 0) return bytes;
      const [label] = sets.labelsOf(sets.accepted(set));
      const next = this.#ofLexedRow(after(row, label), sets.following(set));
      if (next !== undefined) return next;
    }
    return this.#longerEnd(set) ?? NOTHING;
  }

  #ofRow(row: Row): Uint8Array {
    const { order, rows, terminals } = this.#parts;
    if (rows.cost(row) === 0) return NOTHING;
    if (order !== undefined) return this.#ofLexedRow(row, undefined) ?? NOTHING;
    return terminals.shortest(rows.cheapestLabel(row)!);
  }

  /** A terminal that may come next and does not begin with a byte of `forbidden`; undefined when there is none. */
  #ofLexedRow(row: Row, forbidden: ByteBits | undefined): Uint8Array | undefined {
    const { arena, rows, sets, terminals, after } = this.#parts;
    const set = sets.start(rows.labels(row), rows.isAccepting(row));
    const limit =
      forbidden === undefined || isNoByte(forbidden)
        ? undefined
        : arena.concat(arena.byteSet(forbidden.map((word) => ~word >>> 0)), arena.anyBytes);
    let best: Uint8Array | undefined;
    let least = Infinity;
    for (const label of sets.labelsInProgress(set)) {
      let bytes: Uint8Array | undefined;
      if (terminals.at(label).guest !== undefined) bytes = terminals.shortest(label);
      else {
        const residual = sets.residual(set, label);
        bytes = arena.shortest(limit === undefined ? residual : arena.intersect(residual, limit));
      }
      if (bytes === undefined) continue;
      const cost = bytes.length + rows.cost(after(row, label));
      if (cost >= least) continue;
      best = bytes;
      least = cost;
    }
    return best;
  }

  /** Bytes with which a terminal in progress ends later than here. */
  #longerEnd(set: LexicalSet): Uint8Array | undefined {
    const { arena, sets } = this.#parts;
    for (const label of sets.labelsInProgress(set)) {
      const longer = arena.shortest(
        arena.intersect(sets.residual(set, label), arena.concat(arena.byteRange(0, 255), arena.anyBytes)),
      );
      if (longer !== undefined) return longer;
    }
    return undefined;
  }
}
