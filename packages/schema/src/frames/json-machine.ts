import {
  ACTION_DEAD,
  ACTION_UNKNOWN,
  EMPTY,
  gotoFrame,
  LimitExceededError,
  MemoisedFrameMachine,
  popResult,
  reduceResult,
  saturate,
  WorkBudget,
  type Action,
  type CaptureSample,
  type CountedFrame,
  type Frame,
  type FrameText,
  type KeyedFrame,
  type Result,
  type Term,
} from "@espalier/grammar";
import { ArraySteps } from "../formula/array-steps.ts";
import { ContentFrames } from "../content/content-frames.ts";
import type { ConstantValues } from "../formula/constant-values.ts";
import type { ValueId } from "../formula/formula.ts";
import { ObjectSteps } from "../formula/object-steps.ts";
import type { Satisfiability } from "../formula/satisfiability.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";
import { ArrayStates } from "./array-states.ts";
import { isBlank } from "./blanks.ts";
import { OUTSIDE, type EscapePolicy } from "./escapes.ts";
import { JsonCompletions } from "./json-completions.ts";
import type { JsonFrame } from "./json-frame.ts";
import { JsonFrames } from "./json-frames.ts";
import { JsonPartitions } from "./json-partitions.ts";
import { LabelSets } from "./label-sets.ts";
import { ObjectStates, type PropertyOrder } from "./object-states.ts";
import { Spellings } from "./spellings.ts";
import { Slots } from "./slot.ts";
import { StringSteps } from "./string-steps.ts";
import { StructureSteps } from "./structure-steps.ts";
import { TextBases } from "./text-bases.ts";
import { TextCursors, type Cursor } from "./text-cursors.ts";
import { TriedTexts } from "./tried-texts.ts";
import { ValueStarts } from "./value-starts.ts";

export interface JsonMachineOptions {
  /** What may stand between the tokens of JSON text; spaces, tabs and line ends only. */
  readonly whitespace: Term;
  readonly propertyOrder: PropertyOrder;
  readonly escapes: EscapePolicy;
  readonly maxFrames: number;
  /** Steps of work that one byte may cause. */
  readonly maxWorkPerStep: number;
}

const QUOTE = 0x22;
const CLOSE_BRACE = 0x7d;

/** Levels of recursion that a call stack of ordinary size allows; only named in errors. */
const MAX_RECURSION = 1_000;

const WHITESPACE_DONE: Result = 0;
/** No more of it may follow, though there might have been more. */
const WHITESPACE_OVER: Result = 1;

const decoder = new TextDecoder();

/**
 * JSON text as a pushdown machine over residual schemas: a frame carries what is still asked of the value that is being read,
 * and an ended value tells the frame below which of the things asked hold.
 *
 * One machine serves every schema of an arena that is compiled with the same options; its frames, and the masks cached on
 * them, are shared by content.
 */
export class JsonMachine extends MemoisedFrameMachine<JsonFrame> {
  readonly #values: ValueAlgebra;
  readonly #constants: ConstantValues;
  /** Of {@link followers}. */
  readonly #afterKey: Uint8Array;
  readonly #afterValue: Uint8Array;
  readonly #slots = new Slots();
  readonly #labelSets = new LabelSets();
  readonly #cursors: TextCursors;
  readonly #strings: StringSteps;
  readonly #contents: ContentFrames;
  readonly #objects: ObjectStates;
  readonly #arrays: ArrayStates;
  readonly #satisfiability: Satisfiability;
  readonly #completions: JsonCompletions;
  readonly #frames: JsonFrames;
  readonly #partitions: JsonPartitions;
  readonly #starts: ValueStarts;
  readonly #structure: StructureSteps;
  readonly #bases: TextBases;
  readonly #tried: TriedTexts;
  readonly #budget: WorkBudget;
  #working = false;

  constructor(
    values: ValueAlgebra,
    constants: ConstantValues,
    satisfiability: Satisfiability,
    options: JsonMachineOptions,
  ) {
    super(options.maxFrames);
    this.#values = values;
    this.#constants = constants;
    const isFollower = (bytes: string) => (_: unknown, byte: number) =>
      bytes.includes(String.fromCharCode(byte)) || values.arena.next(options.whitespace, byte) !== EMPTY ? 1 : 0;
    this.#afterKey = Uint8Array.from({ length: 256 }, isFollower(":"));
    this.#afterValue = Uint8Array.from({ length: 256 }, isFollower(",}]"));
    this.#satisfiability = satisfiability;
    this.#budget = new WorkBudget({ name: "maxWorkPerStep", limit: options.maxWorkPerStep });
    this.#frames = new JsonFrames((content) => this.addFrame(content));
    this.#cursors = new TextCursors(values.arena, this.#labelSets);
    this.#strings = new StringSteps(this.#cursors, options.escapes, (cursor, escape) =>
      this.#frames.text(cursor, escape),
    );
    this.#bases = new TextBases({
      cursors: this.#cursors,
      frames: this.#frames,
      spellings: new Spellings(options.escapes),
      cursorOf: (frame) => this.#plainCursor(frame),
      budgeted: (work) => this.#budgeted(work),
    });
    this.#contents = new ContentFrames({
      policy: options.escapes,
      intern: (frame) => this.#frames.content(frame),
      push: (parent, child, captures) => this.push(parent, child, captures),
      spend: () => values.arena.spend(),
    });
    this.#objects = new ObjectStates(
      values,
      new ObjectSteps(values),
      satisfiability,
      this.#labelSets,
      this.#slots,
      options.propertyOrder,
    );
    this.#arrays = new ArrayStates(
      values,
      new ArraySteps(values),
      satisfiability,
      constants,
      this.#labelSets,
      this.#slots,
    );
    this.#partitions = new JsonPartitions({
      table: this.partitions,
      values,
      cursors: this.#cursors,
      arrays: this.#arrays,
    });
    this.#starts = new ValueStarts({
      values,
      cursors: this.#cursors,
      objects: this.#objects,
      arrays: this.#arrays,
      labelSets: this.#labelSets,
      frames: this.#frames,
      machine: this,
    });
    this.#structure = new StructureSteps({
      arena: values.arena,
      whitespace: options.whitespace,
      frames: this.#frames,
      objects: this.#objects,
      arrays: this.#arrays,
      cursors: this.#cursors,
      starts: this.#starts,
      step: (frame, byte) => this.step(frame, byte),
      push: (parent, child, captures) => this.push(parent, child, captures),
    });
    this.#tried = new TriedTexts({
      machine: this,
      frameOf: (slot) => this.#frames.value(slot),
      slots: this.#slots,
      labelSets: this.#labelSets,
      objects: this.#objects,
      arrays: this.#arrays,
    });
    this.#completions = new JsonCompletions({
      arena: values.arena,
      satisfiability,
      objects: this.#objects,
      arrays: this.#arrays,
      cursors: this.#cursors,
      strings: this.#strings,
      contents: this.#contents,
      whitespace: options.whitespace,
      tried: this.#tried,
    });
  }

  /** The frame before a text of `value`; 0 when there is none. */
  frameOfValue(value: ValueId): Frame {
    // A value that would take too much to be spelled is refused here, and not in the middle of a text.
    const isPossible = this.#satisfiability.shortest(value) !== undefined;
    return isPossible ? this.#frames.value(this.#slots.ofOne(value)) : 0;
  }

  end(frame: Frame): Result {
    const content = this.contentOf(frame);
    if (content.kind === "number") return this.#cursors.result(content.cursor);
    if (content.kind === "content") return this.#contents.end(content);
    if (content.kind === "whitespace") return this.#values.arena.isNullable(content.language) ? WHITESPACE_DONE : -1;
    return -1;
  }

  early(frame: Frame, result: Result): Result {
    const content = this.contentOf(frame);
    if (content.kind === "content" && content.frame !== 0 && content.root < 0)
      return this.#contents.early(content, result);
    return content.kind === "whitespace" ? WHITESPACE_OVER : result;
  }

  override get isFull(): boolean {
    return super.isFull || this.#values.numbers.isFull;
  }

  override representative(frame: Frame, byteCount: number): Frame {
    const content = this.contentOf(frame);
    if (content.kind === "content") return this.#frames.content(this.#contents.representative(content, byteCount));
    if (content.kind !== "text" && content.kind !== "number") return frame;
    const { arena } = this.#values;
    const cursor = this.#cursors.representative(content.cursor, (term) => saturate(arena, term, byteCount));
    if (cursor === content.cursor) return frame;
    return content.kind === "text" ? this.#frames.text(cursor, content.escape) : this.#frames.number(cursor);
  }

  captureSamples(frame: Frame): readonly CaptureSample[] {
    const content = this.contentOf(frame);
    if (content.kind !== "key-pending" && content.kind !== "item-pending") return [];
    return this.#budgeted(() => this.#tried.samples(content));
  }

  ending(frame: Frame): FrameText | undefined {
    const content = this.contentOf(frame);
    if (content.kind !== "array-open" && content.kind !== "array-comma" && content.kind !== "array-after")
      return undefined;
    return this.#budgeted(() => this.#completions.ending(content));
  }

  counted(frame: Frame): CountedFrame | undefined {
    const cursor = this.#plainCursor(frame);
    return cursor === 0 ? undefined : this.#bases.counted(cursor);
  }

  keyed(frame: Frame): KeyedFrame | undefined {
    const cursor = this.#plainCursor(frame);
    return cursor === 0 ? undefined : this.#bases.keyed(cursor);
  }

  relabelled(frame: Frame): Frame | undefined {
    const cursor = this.#plainCursor(frame);
    return cursor === 0 ? undefined : this.#bases.relabelled(cursor);
  }

  /** The position of a frame inside a text and outside of escapes; 0 for others. */
  #plainCursor(frame: Frame): Cursor {
    const content = this.contentOf(frame);
    return content.kind === "text" && content.escape === OUTSIDE ? content.cursor : 0;
  }

  /** A key is followed by a colon, a value by what goes on or ends the object or array that it is in; or by whitespace. */
  followers(frame: Frame): Uint8Array | undefined {
    const content = this.contentOf(frame);
    if (content.kind === "whitespace" || content.kind === "unknown-text" || content.kind === "content")
      return undefined;
    return content.kind === "text" && this.#cursors.isKey(content.cursor) ? this.#afterKey : this.#afterValue;
  }

  protected override partition(content: JsonFrame): number {
    return this.#budgeted(() => this.#partitions.of(content)) ?? super.partition(content);
  }

  protected computeStep(content: JsonFrame, frame: Frame, byte: number): Action {
    return this.#budgeted(() => this.#computeStep(content, frame, byte));
  }

  protected computeResume(content: JsonFrame, result: Result, captured: Uint8Array | undefined): Frame {
    return this.#budgeted(() => this.#computeResume(content, result, captured));
  }

  protected computeCompletion(content: JsonFrame): Uint8Array {
    return this.#budgeted(() => this.#completions.of(content));
  }

  /** Runs one piece of lazy work under a budget, so that no single byte can hang the process. */
  #budgeted<T>(work: () => T): T {
    if (this.#working) return work();
    this.#budget.spent = 0;
    this.#working = true;
    try {
      return this.#values.arena.within(this.#budget, work);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LimitExceededError({
        message: "The schema recurses deeper than the call stack allows.",
        limit: "maxDepth",
        allowed: MAX_RECURSION,
        cause: error,
      });
    } finally {
      this.#working = false;
    }
  }

  #computeStep(content: JsonFrame, frame: Frame, byte: number): Action {
    switch (content.kind) {
      case "value":
        return this.#starts.step(content.slot, byte);
      case "before-value":
        if (isBlank(byte)) return this.#structure.startSpace(this.#frames.value(content.slot), byte);
        return this.#structure.isSpaceOptional ? this.#starts.step(content.slot, byte) : ACTION_DEAD;
      case "literal":
        if (content.text.charCodeAt(content.at) !== byte) return ACTION_DEAD;
        if (content.at + 1 === content.text.length) return popResult(content.result);
        return gotoFrame(this.#frames.literal(content.text, content.at + 1, content.result));
      case "number": {
        const next = this.#cursors.next(content.cursor, byte);
        if (next !== 0) return gotoFrame(this.#frames.number(next));
        const result = this.#cursors.result(content.cursor);
        return result < 0 ? ACTION_DEAD : reduceResult(result);
      }
      case "text":
        return this.#strings.step(content.cursor, content.escape, byte);
      case "content":
        return this.#contents.step(content, byte);
      case "whitespace": {
        const next = this.#values.arena.next(content.language, byte);
        if (next !== EMPTY) return gotoFrame(this.#frames.whitespace(next));
        // No more whitespace may follow, whatever waits for this.
        if (isBlank(byte)) return ACTION_DEAD;
        return this.#values.arena.isNullable(content.language) ? reduceResult(WHITESPACE_DONE) : ACTION_DEAD;
      }
      case "unknown-object":
        if (byte === QUOTE) return gotoFrame(this.#frames.unknownText(0));
        return isBlank(byte) || byte === CLOSE_BRACE ? ACTION_UNKNOWN : ACTION_DEAD;
      case "unknown-text":
        return this.#strings.stepUnknown(content.cursor, byte, (cursor) => this.#frames.unknownText(cursor));
      case "key-pending":
      case "member-pending":
      case "item-pending":
        return ACTION_DEAD;
      default:
        return this.#structure.step(content, frame, byte);
    }
  }

  #computeResume(content: JsonFrame, result: Result, captured: Uint8Array | undefined): Frame {
    switch (content.kind) {
      case "content":
        return this.#contents.resume(content, result, captured);
      case "key-pending":
        return this.#structure.keyEnd(content.state, result, captured);
      case "member-pending":
        return this.#frames.object(
          "object-after",
          this.#objects.afterMember(content.state, content.member, result),
          false,
        );
      case "item-pending": {
        const { state, item } = content;
        const value =
          captured === undefined
            ? undefined
            : this.#constants.ofText(String.fromCharCode(content.first) + decoder.decode(captured));
        return this.#frames.array("array-after", this.#arrays.afterItem(state, item, result, value), false);
      }
      default:
        if (content.kind === "value") return this.#frames.value(content.slot);
        if ("spaced" in content) return this.#frames.structure(content, content.spaced || result === WHITESPACE_OVER);
        throw new Error(`Broken invariant: a ${content.kind} frame waits for nothing.`);
    }
  }

  describe(frame: Frame): string {
    const content = this.contentOf(frame);
    switch (content.kind) {
      case "value":
        return `value ${content.slot.values.join(" or ")}`;
      case "literal":
        return `literal ${content.text.slice(0, content.at)}·${content.text.slice(content.at)}`;
      case "number":
        return `number ${this.#cursors.describe(content.cursor)}`;
      case "text":
        return `text ${content.escape}${this.#cursors.describe(content.cursor)}`;
      case "content":
        return `content ${content.escape}${content.frame === 0 ? "" : content.machine.describe(content.frame)}`;
      case "whitespace":
        return "whitespace";
      default:
        return content.kind;
    }
  }
}
