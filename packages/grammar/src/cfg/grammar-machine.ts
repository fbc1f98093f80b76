import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_PUSH,
  ACTION_REDUCE,
  gotoFrame,
  popResult,
  reduceResult,
  type Action,
  type Frame,
  type Result,
} from "../automaton/frame-machine.ts";
import { MemoisedFrameMachine } from "../automaton/memoised-frame-machine.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { WorkBudget } from "../budget/work-budget.ts";
import type { TermArena } from "../regex/term-arena.ts";
import type { ContextFreeForm } from "./context-free-form.ts";
import { GrammarCompletions } from "./grammar-completions.ts";
import { describeFrame } from "./describe-frame.ts";
import { FramePartitions } from "./frame-partitions.ts";
import { GrammarFrames } from "./grammar-frames.ts";
import type { GrammarFrame, Part, Thread } from "./grammar-frame.ts";
import { LongestMatch } from "./longest-match.ts";
import type { LabelSet, LexicalSet, LexicalSets } from "./lexical-sets.ts";
import type { ParseRows, Row } from "./parse-rows.ts";
import { RowSteps } from "./row-steps.ts";
import type { TerminalOrder } from "./terminal-order.ts";
import type { Nonterminal, Productions } from "./productions.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

export interface GrammarMachineOptions {
  readonly arena: TermArena;
  readonly start: Nonterminal;
  readonly productions: Productions;
  readonly terminals: TerminalTable;
  readonly rows: ParseRows;
  readonly sets: LexicalSets;
  /** Given when texts are cut into terminals first. */
  readonly order: TerminalOrder | undefined;
  readonly maxFrames: number;
  /** Steps of work that one byte may cause. */
  readonly maxWorkPerStep: number;
}

// Results that terminals in progress hand to their row: the labels that ended here; the set itself, for the row to go on with;
// that nothing has been read yet.
const ENDED = 0;
const SUSPENDED = 1;
const UNTOUCHED: Result = 2;
const RESULT_BITS = 2;
/** The text is complete. Nothing is below to be told more. */
const COMPLETE_TEXT: Result = 0;

/**
 * A context-free grammar as a pushdown machine. The parser's rows hold all of what nests (see {@link ParseRows}), so the stack is
 * short: the terminals in progress, which rows share, above the row that they began in.
 *
 * Where one byte decides whether a terminal goes on or has ended, terminals in progress are a frame by themselves, which ends
 * by POP or REDUCE. Where it does not, both ways are followed in one `mixed` frame,
 * or one `guarded` frame where the longest match counts.
 */
export class GrammarMachine extends MemoisedFrameMachine<GrammarFrame> {
  readonly contextFreeForm: ContextFreeForm;
  readonly #arena: TermArena;
  readonly #terminals: TerminalTable;
  readonly #rows: ParseRows;
  readonly #sets: LexicalSets;
  readonly #order: TerminalOrder | undefined;
  readonly #steps: RowSteps;
  readonly #maxWorkPerStep: number;
  readonly #partitions: FramePartitions;
  readonly #delegates: (number | undefined)[] = [];
  readonly #frames = new GrammarFrames((content) => this.internFrame(content));
  readonly #survivors: (Frame | undefined)[] = [];
  readonly #completions: GrammarCompletions;
  readonly #longest: LongestMatch;
  #working = false;

  constructor(options: GrammarMachineOptions) {
    super(options.maxFrames);
    this.contextFreeForm = {
      arena: options.arena,
      start: options.start,
      alternatives: options.productions.alternatives,
      terminal: (label) => options.terminals.at(label),
      ignored: options.order?.ignored ?? new Set(),
      isLexed: options.order !== undefined,
    };
    this.#arena = options.arena;
    this.#terminals = options.terminals;
    this.#rows = options.rows;
    this.#sets = options.sets;
    this.#order = options.order;
    this.#steps = new RowSteps(options.rows, options.sets, options.order);
    this.#maxWorkPerStep = options.maxWorkPerStep;
    this.#partitions = new FramePartitions(this.partitions, options.sets, (row) => this.#steps.startOf(row));
    this.#longest = new LongestMatch({
      sets: options.sets,
      startOf: (row) => this.#steps.startOf(row),
      afterEnd: (row, set) => this.#steps.afterLabels(row, options.sets.accepted(set)),
    });
    this.#completions = new GrammarCompletions({
      ...options,
      after: (row, label) => this.#steps.after([[row, label]]),
    });
  }

  /** What has been made so far, for tests and logs. */
  get stats(): {
    readonly frames: number;
    readonly rows: number;
    readonly lexicalSets: number;
    readonly threads: number;
  } {
    return {
      frames: this.frameCount,
      rows: this.#rows.count,
      lexicalSets: this.#sets.count,
      threads: this.#rows.threadCount,
    };
  }

  override get isFull(): boolean {
    return super.isFull || this.#rows.isFull;
  }

  /** The frame before the first byte. */
  get startFrame(): Frame {
    return this.#frames.row(this.#rows.start);
  }

  /** The push that puts the terminals that may begin above their row, so that all such rows share what is known of them; or -1. */
  delegate(frame: Frame): number {
    return (this.#delegates[frame] ??= this.#delegateOf(this.contentOf(frame), frame));
  }

  isShared(frame: Frame): boolean {
    const { kind } = this.contentOf(frame);
    return kind === "lexical" || kind === "opening";
  }

  /** Terminals in progress that nothing guards: as long as one of them goes on, so does the frame. */
  survivor(frame: Frame): Frame {
    return (this.#survivors[frame] ??= this.#survivorOf(this.contentOf(frame)));
  }

  #survivorOf(content: GrammarFrame): Frame {
    const parts =
      content.kind === "guarded"
        ? content.threads.slice(0, 1).filter(({ guards }) => guards.length === 0)
        : content.kind === "mixed"
          ? content.parts
          : [];
    return this.#frames.living(this.#sets.unionOfTerms(parts.map(({ set }) => set)));
  }

  topAfter(frame: Frame, result: Result): Frame {
    const content = this.contentOf(frame);
    if (content.kind !== "row" || (result & 3) !== ENDED) return 0;
    const expected = this.#steps.knownAfter(content.row, result >>> RESULT_BITS);
    const set = expected ?? this.#budgeted(() => this.#steps.startAfter(content.row, result >>> RESULT_BITS));
    return set === 0 || this.#sets.onlyGuest(set) >= 0 ? 0 : this.#frames.opening(set);
  }

  followers(frame: Frame, result: Result): Uint8Array | undefined {
    const { kind } = this.contentOf(frame);
    if ((kind !== "lexical" && kind !== "opening") || (result & 3) !== ENDED) return undefined;
    return this.#sets.followers(result >>> RESULT_BITS);
  }

  end(frame: Frame): Result {
    const content = this.contentOf(frame);
    switch (content.kind) {
      case "row":
      case "bare":
        return this.#endOfRow(content.row);
      case "opening":
        return UNTOUCHED;
      case "lexical": {
        const labels = this.#sets.accepted(content.set);
        return labels === 0 ? -1 : ended(labels);
      }
      case "mixed":
        return this.#endOfRow(content.fresh);
      case "guarded": {
        const mayEnd = content.threads.some(({ set, row }) => set === 0 && this.#rows.isAccepting(row));
        return mayEnd ? COMPLETE_TEXT : -1;
      }
      case "guest":
        return content.guest.machine.end(content.frame);
      case "inner": {
        const ends = this.#guestOf(content.label).machine.end(content.frame) >= 0;
        return ends ? this.#endOfRow(this.#steps.after([[content.row, content.label]])) : -1;
      }
      default:
        return -1;
    }
  }

  override representative(frame: Frame, byteCount: number): Frame {
    const content = this.contentOf(frame);
    if (content.kind === "guest") {
      const other = content.guest.machine.representative(content.frame, byteCount);
      return other === content.frame ? frame : this.#frames.guest(content.guest, other);
    }
    if (content.kind !== "lexical" && content.kind !== "opening") return frame;
    const set = this.#sets.representative(content.set, byteCount);
    return set === content.set
      ? frame
      : content.kind === "opening"
        ? this.#frames.opening(set)
        : this.#frames.lexical(set);
  }

  override completion(frame: Frame, below: Frame = 0): Uint8Array {
    const content = this.contentOf(frame);
    if (content.kind !== "opening" && content.kind !== "lexical" && content.kind !== "guest")
      return super.completion(frame);
    if (below === 0) return this.#budgeted(() => this.#completions.ofFrame(content));
    return this.#budgeted(() => this.#completions.above(content, frame, this.contentOf(below), below));
  }

  describe(frame: Frame): string {
    const parts = { terminals: this.#terminals, rows: this.#rows, sets: this.#sets };
    return describeFrame(this.contentOf(frame), parts);
  }

  protected override partition(content: GrammarFrame): number {
    return this.#budgeted(() => this.#partitions.of(content)) ?? super.partition(content);
  }

  protected computeStep(content: GrammarFrame, _frame: Frame, byte: number): Action {
    return this.#budgeted(() => this.#step(content, byte));
  }

  protected computeResume(content: GrammarFrame, result: Result, captured: Uint8Array | undefined): Frame {
    return this.#budgeted(() => this.#resume(content, result, captured));
  }

  protected computeCompletion(content: GrammarFrame): Uint8Array {
    return this.#budgeted(() => this.#completions.ofFrame(content));
  }

  #budgeted<T>(work: () => T): T {
    if (this.#working) return work();
    this.#working = true;
    try {
      return this.#arena.within(new WorkBudget({ name: "maxWorkPerStep", limit: this.#maxWorkPerStep }), work);
    } finally {
      this.#working = false;
    }
  }

  #step(content: GrammarFrame, byte: number): Action {
    switch (content.kind) {
      case "row":
      case "bare":
        return this.#stepParts([], content.row, byte);
      case "opening": {
        const set = this.#sets.step(content.set, byte);
        if (set === 0) return ACTION_DEAD;
        return this.#sets.hasGuest(set) ? reduceResult(UNTOUCHED) : this.#enter(set);
      }
      case "lexical": {
        if (this.#sets.isDoubtful(content.set, byte)) return reduceResult((content.set << RESULT_BITS) | SUSPENDED);
        const set = this.#sets.step(content.set, byte);
        if (set !== 0) return this.#enter(set);
        const labels = this.#sets.accepted(content.set);
        const mayEnd = labels !== 0 && this.#sets.followers(labels)[byte] === 1;
        return mayEnd ? reduceResult(ended(labels)) : ACTION_DEAD;
      }
      case "living": {
        const set = this.#sets.step(content.set, byte);
        return set === 0 ? ACTION_DEAD : gotoFrame(this.#frames.living(set));
      }
      case "mixed":
        return this.#stepParts(content.parts, content.fresh, byte);
      case "guarded":
        return this.#stepGuarded(this.#longest.step(content.threads, byte));
      case "guest":
        return this.#stepGuest(content.guest, content.frame, byte);
      case "inner":
        return this.#stepInner(content.row, content.label, content.frame, byte);
      default:
        throw new Error("Broken invariant: a frame that waits for an automaton is never on top.");
    }
  }

  /** Terminals in progress after a byte. */
  #enter(set: LexicalSet): Action {
    if (this.#sets.isBlocked(set)) return ACTION_DEAD;
    if (this.#sets.isExhausted(set)) return popResult(ended(this.#sets.accepted(set)));
    return gotoFrame(this.#frames.lexical(set));
  }

  /** All that goes on, side by side. */
  #stepParts(parts: readonly Part[], fresh: Row, byte: number): Action {
    const sets = this.#sets;
    const begins = fresh === 0 ? 0 : sets.step(this.#steps.startOf(fresh), byte);
    const rowsOf = new Map<LexicalSet, Row[]>();
    const ends: (readonly [Row, Label])[] = [];
    let isOwnEnd = true;
    const visit = (set: LexicalSet, row: Row): void => {
      if (set === 0 || sets.isBlocked(set)) return;
      for (const label of sets.labelsOf(sets.accepted(set))) ends.push([row, label]);
      if (sets.isExhausted(set)) {
        isOwnEnd = false;
        return;
      }
      const rows = rowsOf.get(set);
      if (rows === undefined) rowsOf.set(set, [row]);
      else rows.push(row);
    };
    for (const { set, row } of parts) visit(sets.step(set, byte), row);
    if (ends.length === 0 && rowsOf.size === 0 && begins !== 0) {
      const label = sets.onlyGuest(begins);
      if (label >= 0) return this.#stepInner(fresh, label, this.#guestOf(label).startFrame, byte);
    }
    visit(begins, fresh);
    if (rowsOf.size === 0)
      return ends.length === 0 ? ACTION_DEAD : gotoFrame(this.#frames.row(this.#steps.after(ends)));
    const next = [...rowsOf].map(([set, rows]) => ({ set, row: this.#rows.union(rows) }));
    // Where texts are cut into terminals first this is always so: there are no parts, and the one set began here.
    if (next.length === 1 && (ends.length === 0 || isOwnEnd)) {
      return this.push(this.#frames.row(next[0].row), this.#frames.lexical(next[0].set), false);
    }
    return gotoFrame(this.#frames.mixed(next, ends.length === 0 ? 0 : this.#steps.after(ends)));
  }

  #stepGuarded(threads: readonly Thread[]): Action {
    if (threads.length === 0) return ACTION_DEAD;
    const [{ set, row, guards }] = threads;
    if (threads.length === 1 && guards.length === 0) {
      if (set === 0) return gotoFrame(this.#frames.row(row));
      return this.push(this.#frames.row(row), this.#frames.lexical(set), false);
    }
    // Terminals in progress and nothing but their own end: they are a frame as usual.
    if (threads.length === 2 && set !== 0 && guards.length === 0 && this.#longest.isEndOf(threads[1], row, set)) {
      return this.push(this.#frames.row(row), this.#frames.lexical(set), false);
    }
    return gotoFrame(this.#frames.guarded(threads));
  }

  #stepGuest(guest: PushdownAutomaton, frame: Frame, byte: number): Action {
    const { machine } = guest;
    const action = machine.step(frame, byte);
    const payload = action >>> ACTION_KIND_BITS;
    switch (action & ACTION_KIND_MASK) {
      case ACTION_DEAD: {
        // A machine whose last frame ends with the text need not say before which bytes.
        const result = machine.end(frame);
        return result < 0 ? ACTION_DEAD : reduceResult(result);
      }
      case ACTION_GOTO:
        return gotoFrame(this.#frames.guest(guest, payload));
      case ACTION_PUSH: {
        const { parent, child, captures } = machine.pushes;
        return this.push(
          this.#frames.guest(guest, parent[payload]),
          this.#frames.guest(guest, child[payload]),
          captures[payload],
        );
      }
      default:
        return action;
    }
  }

  #stepInner(row: Row, label: Label, frame: Frame, byte: number): Action {
    const guest = this.#guestOf(label);
    const { machine } = guest;
    const action = machine.step(frame, byte);
    const payload = action >>> ACTION_KIND_BITS;
    const endsBefore = (): Action => this.#stepParts([], this.#steps.after([[row, label]]), byte);
    switch (action & ACTION_KIND_MASK) {
      case ACTION_DEAD:
        return machine.end(frame) < 0 ? ACTION_DEAD : endsBefore();
      case ACTION_GOTO:
        return gotoFrame(this.#frames.inner(row, label, payload));
      case ACTION_PUSH: {
        const { parent, child, captures } = machine.pushes;
        return this.push(
          this.#frames.inner(row, label, parent[payload]),
          this.#frames.guest(guest, child[payload]),
          captures[payload],
        );
      }
      case ACTION_POP:
        return gotoFrame(this.#frames.row(this.#steps.after([[row, label]])));
      case ACTION_REDUCE:
        return endsBefore();
      default:
        return action;
    }
  }

  #resume(content: GrammarFrame, result: Result, captured: Uint8Array | undefined): Frame {
    switch (content.kind) {
      case "row": {
        if (result === UNTOUCHED) return this.#frames.bare(content.row);
        const payload = result >>> RESULT_BITS;
        if ((result & 3) === ENDED) return this.#frames.row(this.#steps.afterLabels(content.row, payload));
        if (this.#order !== undefined) return this.#frames.guarded(this.#longest.fork(content.row, payload));
        const part = { set: payload, row: content.row };
        return this.#frames.mixed([part], this.#steps.afterLabels(content.row, this.#sets.accepted(payload)));
      }
      case "wait":
        return this.#frames.row(this.#steps.after([[content.row, content.label]]));
      case "guest":
        return this.#frames.guest(content.guest, content.guest.machine.resume(content.frame, result, captured));
      case "inner": {
        const { machine } = this.#guestOf(content.label);
        return this.#frames.inner(content.row, content.label, machine.resume(content.frame, result, captured));
      }
      default:
        throw new Error(`Broken invariant: ${content.kind} frames push nothing.`);
    }
  }

  #delegateOf(content: GrammarFrame, frame: Frame): number {
    if (content.kind === "guest") {
      const { machine } = content.guest;
      const push = machine.delegate?.(content.frame) ?? -1;
      if (push < 0) return -1;
      const parent = this.#frames.guest(content.guest, machine.pushes.parent[push]);
      return (
        this.push(parent, this.#frames.guest(content.guest, machine.pushes.child[push]), false) >>> ACTION_KIND_BITS
      );
    }
    if (content.kind !== "row") return -1;
    return this.#budgeted(() => {
      const set = this.#steps.startOf(content.row);
      if (set === 0) return -1;
      const label = this.#sets.onlyGuest(set);
      if (label < 0) return this.push(frame, this.#frames.opening(set), false) >>> ACTION_KIND_BITS;
      const guest = this.#guestOf(label);
      // At the end of the text the row must be asked, which a frame that waits does not do.
      if (this.#rows.isAccepting(content.row) || guest.machine.end(guest.startFrame) >= 0) return -1;
      const wait = this.#frames.wait(content.row, label);
      return this.push(wait, this.#frames.guest(guest, guest.startFrame), false) >>> ACTION_KIND_BITS;
    });
  }

  #endOfRow(row: Row): Result {
    return row !== 0 && this.#rows.isAccepting(row) ? COMPLETE_TEXT : -1;
  }

  #guestOf(label: Label): PushdownAutomaton {
    return this.#terminals.at(label).guest!;
  }
}

function ended(labels: LabelSet): Result {
  return (labels << RESULT_BITS) | ENDED;
}
