import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_UNKNOWN,
  EMPTY,
  gotoFrame,
  LimitExceededError,
  MemoisedFrameMachine,
  popResult,
  PushdownAutomaton,
  reduceResult,
  saturate,
  TRIVIAL_PARTITION,
  WorkBudget,
  type Action,
  type Frame,
  type FrameMachine,
  type Result,
  type Term,
} from "@espalier/grammar";
import { ArraySteps } from "../formula/array-steps.ts";
import { ContentFrames, type ContentFrame } from "../content/content-frames.ts";
import { NO_CONTENT, type ContentId } from "../content/content-table.ts";
import type { ConstantValues } from "../formula/constant-values.ts";
import { LITERAL_FALSE, LITERAL_NULL, LITERAL_TRUE, type ValueFormula, type ValueId } from "../formula/formula.ts";
import { ObjectSteps } from "../formula/object-steps.ts";
import type { Satisfiability } from "../formula/satisfiability.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";
import { ArrayStates, type ArrayState } from "./array-states.ts";
import { OUTSIDE, type EscapePolicy, type EscapeState } from "./escapes.ts";
import { JsonCompletions } from "./json-completions.ts";
import type { JsonFrame } from "./json-frame.ts";
import { LabelSets } from "./label-sets.ts";
import { ObjectStates, type Member, type ObjectState, type PropertyOrder } from "./object-states.ts";
import { Slots, type Slot } from "./slot.ts";
import { StringSteps } from "./string-steps.ts";
import { OTHER_KEY, TextCursors, type Cursor } from "./text-cursors.ts";

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
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Levels of recursion that a call stack of ordinary size allows; only named in errors. */
const MAX_RECURSION = 1_000;

/** More keys than one token can hold. */
const MANY_KEYS = 0x20000;

const WHITESPACE_DONE: Result = 0;

/** Bytes that mean something of their own inside the quotes of a string. */
const STRING_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE ? 1 : byte === BACKSLASH ? 2 : byte < 0x20 ? 3 : 0,
);

const encoder = new TextEncoder();
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
  readonly #whitespace: Term;
  readonly #slots = new Slots();
  readonly #labelSets = new LabelSets();
  readonly #cursors: TextCursors;
  readonly #strings: StringSteps;
  readonly #contents: ContentFrames;
  readonly #objects: ObjectStates;
  readonly #arrays: ArrayStates;
  readonly #satisfiability: Satisfiability;
  readonly #completions: JsonCompletions;
  readonly #structurePartitions: Readonly<
    Record<Exclude<StructureFrame["kind"], "colon" | "array-open" | "array-comma">, number>
  >;
  /** Of frames that wait for a value, by the bytes with which it may begin. */
  readonly #startPartitions = new Map<string, number>();
  /** After a backslash. */
  readonly #escapePartition: number;
  /** Inside `\uXXXX`, and before the second half of a pair. */
  readonly #hexPartition: number;
  readonly #literalPartitions = new Map<number, number>();
  readonly #budget: WorkBudget;
  /** The frame of each cursor outside of escapes. */
  readonly #textFrames: Frame[] = [];
  /** The partition of text outside of escapes, by the signature of its cursor. */
  readonly #textPartitions = new Map<number, number>();
  readonly #marks = new Uint8Array(256);
  readonly #starts: string[] = [];
  readonly #valueFrames: Frame[] = [];
  readonly #machineNumbers = new Map<FrameMachine, number>();
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
    this.#whitespace = options.whitespace;
    this.#satisfiability = satisfiability;
    this.#budget = new WorkBudget({ name: "maxWorkPerStep", limit: options.maxWorkPerStep });
    this.#structurePartitions = {
      "object-open": this.#apart('"}'),
      "object-comma": this.#apart('"'),
      "key-end": this.#apart(":"),
      "unknown-key-end": this.#apart(":"),
      "object-after": this.#apart(",}"),
      "array-after": this.#apart(",]"),
    };
    this.#escapePartition = this.#interned(toldApart([...'bfnrtu"/\\'].map(byteOf)));
    this.#hexPartition = this.#interned(toldApart([..."0123456789abcdefABCDEFu\\"].map(byteOf)));
    this.#cursors = new TextCursors(values.arena, this.#labelSets);
    this.#strings = new StringSteps(this.#cursors, options.escapes, (cursor, escape) => this.#text(cursor, escape));
    this.#contents = new ContentFrames({
      policy: options.escapes,
      intern: (frame) => this.#content(frame),
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
    this.#completions = new JsonCompletions({
      arena: values.arena,
      satisfiability,
      objects: this.#objects,
      arrays: this.#arrays,
      cursors: this.#cursors,
      strings: this.#strings,
      contents: this.#contents,
      whitespace: options.whitespace,
      spells: (slot, text) => this.#spells(slot, text),
    });
  }

  /** The frame before a text of `value`; 0 when there is none. */
  frameOfValue(value: ValueId): Frame {
    return this.#satisfiability.isSatisfiable(value) ? this.#valueFrame(this.#slots.of([], [value])) : 0;
  }

  end(frame: Frame): Result {
    const content = this.contentOf(frame);
    if (content.kind === "number") return this.#cursors.result(content.cursor);
    if (content.kind === "content") return this.#contents.end(content);
    if (content.kind === "whitespace") return this.#values.arena.isNullable(content.language) ? WHITESPACE_DONE : -1;
    return -1;
  }

  override representative(frame: Frame, byteCount: number): Frame {
    const content = this.contentOf(frame);
    if (content.kind === "content") return this.#content(this.#contents.representative(content, byteCount));
    if (content.kind !== "text" && content.kind !== "number") return frame;
    const { arena } = this.#values;
    const cursor = this.#cursors.representative(content.cursor, (term) => saturate(arena, term, byteCount));
    if (cursor === content.cursor) return frame;
    return content.kind === "text" ? this.#text(cursor, content.escape) : this.#number(cursor);
  }

  /** Positions inside keys differ where one goes on with a key that the other does not know, and nowhere else. */
  override compare(a: Frame, b: Frame, differs: Uint8Array): number {
    const one = this.contentOf(a);
    const two = this.contentOf(b);
    if (one.kind !== "text" || two.kind !== "text" || one.escape !== two.escape || one.escape.length > 1) {
      return super.compare(a, b, differs);
    }
    const marks = this.#marks.fill(0);
    if (!this.#budgeted(() => this.#cursors.markDifferences(one.cursor, two.cursor, marks))) {
      return super.compare(a, b, differs);
    }
    if (one.escape === OUTSIDE) marks[QUOTE] = marks[BACKSLASH] = 1;
    else this.#strings.markEscapes(marks);
    let count = 0;
    for (let byte = 0; byte < 256; byte++) {
      differs[byte] = marks[byte] === 1 && this.step(a, byte) !== this.step(b, byte) ? 1 : 0;
      count += differs[byte];
    }
    return count;
  }

  protected override partition(content: JsonFrame): number {
    switch (content.kind) {
      case "text":
        return this.#textPartition(content.cursor, content.escape);
      case "content":
        return content.escape === OUTSIDE ? super.partition(content) : this.#insideEscape(content.escape);
      case "number":
        return this.#interned(this.#cursors.byteClasses(content.cursor));
      case "literal":
        return this.#literalPartition(content.text.charCodeAt(content.at));
      case "whitespace":
        return this.#interned(this.#values.arena.byteClasses(content.language));
      case "unknown-text":
      case "key-pending":
      case "member-pending":
      case "item-pending":
        return TRIVIAL_PARTITION;
      case "value":
        return this.#startPartition(content.slot, "");
      case "colon":
        return this.#startPartition(content.member.slot, "");
      case "array-open":
      case "array-comma":
        return this.#startPartition(this.#budgeted(() => this.#arrays.item(content.state))?.slot, "]");
      default:
        return this.#structurePartitions[content.kind];
    }
  }

  /** Tells apart the bytes with which a value of `slot` may begin, blanks, and those of `others`. */
  #startPartition(slot: Slot | undefined, others: string): number {
    const bytes =
      others + (slot === undefined ? "" : (this.#starts[slot.id] ??= this.#budgeted(() => this.#startsOf(slot))));
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
    return this.partitions.intern(classes, count);
  }

  protected computeStep(content: JsonFrame, _frame: Frame, byte: number): Action {
    return this.#budgeted(() => this.#computeStep(content, byte));
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

  #computeStep(content: JsonFrame, byte: number): Action {
    switch (content.kind) {
      case "value":
        return this.#startValue(content.slot, byte);
      case "literal":
        if (content.text.charCodeAt(content.at) !== byte) return ACTION_DEAD;
        if (content.at + 1 === content.text.length) return popResult(content.result);
        return gotoFrame(this.#literal(content.text, content.at + 1, content.result));
      case "number": {
        const next = this.#cursors.next(content.cursor, byte);
        if (next !== 0) return gotoFrame(this.#number(next));
        const result = this.#cursors.result(content.cursor);
        return result < 0 ? ACTION_DEAD : reduceResult(result);
      }
      case "text":
        return this.#strings.step(content.cursor, content.escape, byte);
      case "content":
        return this.#contents.step(content, byte);
      case "whitespace": {
        const next = this.#values.arena.next(content.language, byte);
        if (next !== EMPTY) return gotoFrame(this.#space(next));
        return this.#values.arena.isNullable(content.language) ? reduceResult(WHITESPACE_DONE) : ACTION_DEAD;
      }
      case "unknown-text":
        return ACTION_UNKNOWN;
      case "key-pending":
      case "member-pending":
      case "item-pending":
        return ACTION_DEAD;
      default:
        return this.#stepStructure(content, byte);
    }
  }

  #computeResume(content: JsonFrame, result: Result, captured: Uint8Array | undefined): Frame {
    switch (content.kind) {
      case "content":
        return this.#contents.resume(content, result, captured);
      case "key-pending":
        return this.#keyEnd(content.state, result, captured);
      case "member-pending":
        return this.#objectFrame(
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
        return this.#arrayFrame("array-after", this.#arrays.afterItem(state, item, result, value), false);
      }
      default:
        return this.#spaced(content);
    }
  }

  #startValue(slot: Slot, byte: number): Action {
    const { values, goal } = slot;
    const labels = values.map((_, label) => label);
    const parts = values.map((value) => this.#values.expand(value));
    switch (byte) {
      case QUOTE: {
        if (parts.some((part) => part.content !== NO_CONTENT)) return this.#startContent(labels, parts, goal);
        const cursor = this.#cursors.ofTerms(
          labels,
          parts.map((part) => part.string),
          goal,
        );
        return cursor === 0 ? ACTION_DEAD : gotoFrame(this.#text(cursor, OUTSIDE));
      }
      case OPEN_BRACE: {
        const state = this.#objects.open(
          labels,
          parts.map((part) => part.object),
          goal,
        );
        return state === undefined ? ACTION_DEAD : gotoFrame(this.#objectFrame("object-open", state, false));
      }
      case OPEN_BRACKET: {
        const state = this.#arrays.open(
          labels,
          parts.map((part) => part.array),
          goal,
        );
        return state === undefined ? ACTION_DEAD : gotoFrame(this.#arrayFrame("array-open", state, false));
      }
      case 0x6e:
        return this.#startLiteral("null", LITERAL_NULL, slot);
      case 0x74:
        return this.#startLiteral("true", LITERAL_TRUE, slot);
      case 0x66:
        return this.#startLiteral("false", LITERAL_FALSE, slot);
      default: {
        if (byte !== 0x2d && (byte < 0x30 || byte > 0x39)) return ACTION_DEAD;
        const { numbers } = this.#values;
        const cursor = this.#cursors.ofTerms(
          labels,
          parts.map((part) => numbers.term(part.number)),
          goal,
        );
        const next = cursor === 0 ? 0 : this.#cursors.next(cursor, byte);
        return next === 0 ? ACTION_DEAD : gotoFrame(this.#number(next));
      }
    }
  }

  /** A string whose text another machine reads. What else is asked of it is nothing, or the same. */
  #startContent(labels: readonly number[], parts: readonly ValueFormula[], goal: readonly number[]): Action {
    const holding = labels.filter((label) => parts[label].content !== NO_CONTENT || parts[label].string !== EMPTY);
    if (!goal.some((label) => holding.includes(label))) return ACTION_DEAD;
    const { arena, contents } = this.#values;
    const content = parts.find((part) => part.content !== NO_CONTENT)!.content;
    for (const label of holding) {
      const isFree = parts[label].string === arena.anyText && !goal.includes(label);
      const isThat = parts[label].string === EMPTY && parts[label].content === content;
      if (!isFree && !isThat) throw contents.refusal(content, "what follows depends on whether a string is in it");
    }
    const { machine, frame } = this.#contentStart(content);
    if (frame === 0) return ACTION_DEAD;
    return gotoFrame(this.#content({ machine, frame, escape: OUTSIDE, root: this.#labelSets.intern(holding) }));
  }

  #contentStart(id: ContentId): { readonly machine: FrameMachine; readonly frame: Frame } {
    const { contents } = this.#values;
    const content = contents.at(id);
    switch (content.kind) {
      case "refused":
        throw contents.refusal(id);
      case "json":
        return { machine: this, frame: this.frameOfValue(content.value) };
      case "automaton":
        return { machine: content.automaton.machine, frame: content.automaton.startFrame };
    }
  }

  #startLiteral(text: string, bit: number, slot: Slot): Action {
    const holding = slot.values.flatMap((value, label) => (this.#values.expand(value).literals & bit ? [label] : []));
    if (!holding.some((label) => slot.goal.includes(label))) return ACTION_DEAD;
    return gotoFrame(this.#literal(text, 1, this.#labelSets.intern(holding)));
  }

  /** Frames between tokens: whitespace, or the byte that goes on. */
  #stepStructure(content: StructureFrame, byte: number): Action {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) {
      if (content.spaced) return ACTION_DEAD;
      const language = this.#values.arena.next(this.#whitespace, byte);
      return language === EMPTY ? ACTION_DEAD : this.push(this.#spaced(content), this.#space(language), false);
    }
    if (!content.spaced && !this.#values.arena.isNullable(this.#whitespace)) return ACTION_DEAD;
    switch (content.kind) {
      case "object-open":
        return byte === CLOSE_BRACE
          ? this.#pop(this.#objects.endResult(content.state))
          : this.#startKey(content.state, byte);
      case "object-comma":
        return this.#startKey(content.state, byte);
      case "key-end":
        if (byte !== COLON) return ACTION_DEAD;
        return gotoFrame(this.#memberFrame("colon", content.state, content.member, false));
      case "unknown-key-end":
        return byte === COLON ? ACTION_UNKNOWN : ACTION_DEAD;
      case "colon":
        return this.#startChild(content.member.slot, byte, false, () =>
          this.internFrame({
            key: `mp${content.state.id},${content.member.id}`,
            kind: "member-pending",
            state: content.state,
            member: content.member,
          }),
        );
      case "object-after":
        if (byte === CLOSE_BRACE) return this.#pop(this.#objects.endResult(content.state));
        return byte === COMMA ? this.#afterComma(content.state) : ACTION_DEAD;
      case "array-open":
        return byte === CLOSE_BRACKET
          ? this.#pop(this.#arrays.endResult(content.state))
          : this.#startItem(content.state, byte);
      case "array-comma":
        return this.#startItem(content.state, byte);
      case "array-after":
        if (byte === CLOSE_BRACKET) return this.#pop(this.#arrays.endResult(content.state));
        if (byte !== COMMA) return ACTION_DEAD;
        if (content.state.unknownItem) return ACTION_UNKNOWN;
        if (this.#arrays.item(content.state) === undefined) return ACTION_DEAD;
        return gotoFrame(this.#arrayFrame("array-comma", content.state, false));
    }
  }

  #afterComma(state: ObjectState): Action {
    const { words, other, used } = this.#objects.choices(state);
    if (words.length === 0) {
      if (other === EMPTY) return ACTION_DEAD;
      // The last of a few keys may be the one that was used.
      if (state.unknownKey && !this.#isAbundant(other, used.length)) return ACTION_UNKNOWN;
    }
    return gotoFrame(this.#objectFrame("object-comma", state, false));
  }

  #startKey(state: ObjectState, byte: number): Action {
    if (byte !== QUOTE) return ACTION_DEAD;
    const { words, other, used } = this.#objects.choices(state);
    const cursor = this.#cursors.ofKey(words, other, used);
    if (cursor === 0) return ACTION_DEAD;
    const pending = this.internFrame({ key: `kp${state.id}`, kind: "key-pending", state });
    if (state.unknownKey && other !== EMPTY) {
      if (!this.#isAbundant(other, used.length)) return ACTION_UNKNOWN;
      return this.push(pending, this.internFrame({ key: "ut", kind: "unknown-text" }), true);
    }
    return this.push(pending, this.#text(cursor, OUTSIDE), other !== EMPTY);
  }

  /** Whether there are so many keys that some are left, whichever were used that are not known. */
  #isAbundant(keys: Term, usedCount: number): boolean {
    const many = usedCount + MANY_KEYS;
    return this.#values.arena.cardinality(keys, many) >= many;
  }

  #keyEnd(state: ObjectState, result: Result, captured: Uint8Array | undefined): Frame {
    let member;
    if (result !== OTHER_KEY) {
      member = this.#objects.member(state, { word: this.#cursors.wordOf(result) });
    } else if (captured !== undefined) {
      member = this.#objects.member(state, { other: JSON.parse(`"${decoder.decode(captured)}`) as string });
    } else {
      member = this.#objects.anonymousMember(state);
      if (member === undefined) {
        return this.internFrame({ key: `uk${state.id},0`, kind: "unknown-key-end", state, spaced: false });
      }
    }
    if (member === undefined) throw new Error("Broken invariant: a key that was allowed has no member.");
    return this.#memberFrame("key-end", state, member, false);
  }

  #startItem(state: ArrayState, byte: number): Action {
    if (state.unknownItem) return ACTION_UNKNOWN;
    const item = this.#arrays.item(state);
    if (item === undefined) return ACTION_DEAD;
    const remembers = this.#arrays.remembers(state);
    const first = remembers ? byte : 0;
    return this.#startChild(item.slot, byte, remembers, () =>
      this.internFrame({ key: `ip${state.id},${first}`, kind: "item-pending", state, item, first }),
    );
  }

  /** Puts the frame of a value on the stack, with its first byte taken. */
  #startChild(slot: Slot, byte: number, captures: boolean, pending: () => Frame): Action {
    const action = this.step(this.#valueFrame(slot), byte);
    if ((action & ACTION_KIND_MASK) !== ACTION_GOTO) return ACTION_DEAD;
    return this.push(pending(), action >>> ACTION_KIND_BITS, captures);
  }

  #pop(result: Result): Action {
    return result < 0 ? ACTION_DEAD : popResult(result);
  }

  #valueFrame(slot: Slot): Frame {
    return (this.#valueFrames[slot.id] ??= this.internFrame({ key: `v${slot.id}`, kind: "value", slot }));
  }

  #literal(text: string, at: number, result: Result): Frame {
    return this.internFrame({ key: `l${text},${at},${result}`, kind: "literal", text, at, result });
  }

  #number(cursor: Cursor): Frame {
    return this.internFrame({ key: `n${cursor}`, kind: "number", cursor });
  }

  #text(cursor: Cursor, escape: EscapeState): Frame {
    if (escape === OUTSIDE) {
      return (this.#textFrames[cursor] ??= this.internFrame({ key: `s${cursor}`, kind: "text", cursor, escape }));
    }
    return this.internFrame({ key: `s${cursor}${escape}`, kind: "text", cursor, escape });
  }

  #content(content: ContentFrame): Frame {
    const { machine, frame, escape, root } = content;
    let number = this.#machineNumbers.get(machine);
    if (number === undefined) this.#machineNumbers.set(machine, (number = this.#machineNumbers.size));
    return this.internFrame({
      key: `c${number},${frame},${root},${escape}`,
      kind: "content",
      machine,
      frame,
      escape,
      root,
    });
  }

  #space(language: Term): Frame {
    return this.internFrame({ key: `w${language}`, kind: "whitespace", language });
  }

  #objectFrame(kind: "object-open" | "object-comma" | "object-after", state: ObjectState, spaced: boolean): Frame {
    return this.internFrame({ key: `${kind}${state.id},${spaced}`, kind, state, spaced });
  }

  #arrayFrame(kind: "array-open" | "array-comma" | "array-after", state: ArrayState, spaced: boolean): Frame {
    return this.internFrame({ key: `${kind}${state.id},${spaced}`, kind, state, spaced });
  }

  #memberFrame(kind: "key-end" | "colon", state: ObjectState, member: Member, spaced: boolean): Frame {
    return this.internFrame({ key: `${kind}${state.id},${member.id},${spaced}`, kind, state, member, spaced });
  }

  #spaced(content: JsonFrame): Frame {
    switch (content.kind) {
      case "object-open":
      case "object-comma":
      case "object-after":
        return this.#objectFrame(content.kind, content.state, true);
      case "array-open":
      case "array-comma":
      case "array-after":
        return this.#arrayFrame(content.kind, content.state, true);
      case "key-end":
      case "colon":
        return this.#memberFrame(content.kind, content.state, content.member, true);
      case "unknown-key-end":
        return this.internFrame({
          key: `uk${content.state.id},1`,
          kind: "unknown-key-end",
          state: content.state,
          spaced: true,
        });
      default:
        throw new Error(`Broken invariant: a ${content.kind} frame waits for whitespace.`);
    }
  }

  /** Whether the machine takes `text` as a value of `slot`: members must be in the order that this machine wants. */
  #spells(slot: Slot, text: string): boolean {
    const automaton = new PushdownAutomaton(this, this.#valueFrame(slot));
    let state = automaton.start;
    for (const byte of encoder.encode(text)) state = automaton.next(state, byte);
    return automaton.isAccepting(state);
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

type StructureFrame = Extract<JsonFrame, { spaced: boolean }>;
