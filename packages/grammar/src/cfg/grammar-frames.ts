import type { Frame } from "../automaton/frame-machine.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { GrammarFrame, Part, Thread } from "./grammar-frame.ts";
import type { LexicalSet } from "./lexical-sets.ts";
import type { Row } from "./parse-rows.ts";
import type { Label } from "./terminal-table.ts";

/** The frames of a grammar by what they hold: equal content, equal frame. */
export class GrammarFrames {
  readonly #intern: (content: GrammarFrame) => Frame;
  // By row and by set: frames that are asked for often.
  readonly #rows: (Frame | undefined)[] = [];
  readonly #openings: (Frame | undefined)[] = [];
  readonly #lexical: (Frame | undefined)[] = [];
  readonly #living: (Frame | undefined)[] = [];
  readonly #guestNumbers = new Map<unknown, number>();

  constructor(intern: (content: GrammarFrame) => Frame) {
    this.#intern = intern;
  }

  row(row: Row): Frame {
    return (this.#rows[row] ??= this.#intern({ key: `R${row}`, kind: "row", row }));
  }

  bare(row: Row): Frame {
    return this.#intern({ key: `B${row}`, kind: "bare", row });
  }

  wait(row: Row, label: Label): Frame {
    return this.#intern({ key: `W${row},${label}`, kind: "wait", row, label });
  }

  opening(set: LexicalSet): Frame {
    return (this.#openings[set] ??= this.#intern({ key: `O${set}`, kind: "opening", set }));
  }

  lexical(set: LexicalSet): Frame {
    return (this.#lexical[set] ??= this.#intern({ key: `L${set}`, kind: "lexical", set }));
  }

  /** 0 where nothing is in progress. */
  living(set: LexicalSet): Frame {
    return set === 0 ? 0 : (this.#living[set] ??= this.#intern({ key: `A${set}`, kind: "living", set }));
  }

  mixed(parts: readonly Part[], fresh: Row): Frame {
    const sorted = parts.toSorted((a, b) => a.set - b.set);
    const key = `M${fresh};${sorted.map(({ set, row }) => `${set},${row}`).join(";")}`;
    return this.#intern({ key, kind: "mixed", parts: sorted, fresh });
  }

  guarded(threads: readonly Thread[]): Frame {
    const key = `T${threads.map(({ set, row, guards }) => `${set},${row},${guards.join("+")}`).join(";")}`;
    return this.#intern({ key, kind: "guarded", threads });
  }

  /** Automata of one machine share their frames. */
  guest(guest: PushdownAutomaton, frame: Frame): Frame {
    let number = this.#guestNumbers.get(guest.machine);
    if (number === undefined) this.#guestNumbers.set(guest.machine, (number = this.#guestNumbers.size));
    return this.#intern({ key: `G${number},${frame}`, kind: "guest", guest, frame });
  }

  inner(row: Row, label: Label, frame: Frame): Frame {
    return this.#intern({ key: `I${row},${label},${frame}`, kind: "inner", row, label, frame });
  }
}
