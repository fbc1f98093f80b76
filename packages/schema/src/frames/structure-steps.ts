import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_UNKNOWN,
  EMPTY,
  gotoFrame,
  popResult,
  type Action,
  type Frame,
  type Result,
  type Term,
  type TermArena,
} from "@espalier/grammar";
import { MANY } from "../formula/abundance.ts";
import type { ArrayState, ArrayStates, Item } from "./array-states.ts";
import { isBlank } from "./blanks.ts";
import { OUTSIDE } from "./escapes.ts";
import type { StructureFrame } from "./json-frame.ts";
import type { JsonFrames } from "./json-frames.ts";
import type { Member, ObjectState } from "./object-state.ts";
import type { ObjectStates } from "./object-states.ts";
import type { Slot } from "./slot.ts";
import type { TextCursors } from "./text-cursors.ts";
import type { ValueStarts } from "./value-starts.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

const decoder = new TextDecoder();

interface StructureStepsParts {
  readonly arena: TermArena;
  readonly whitespace: Term;
  readonly frames: JsonFrames;
  readonly objects: ObjectStates;
  readonly arrays: ArrayStates;
  readonly cursors: TextCursors;
  readonly starts: ValueStarts;
  readonly step: (frame: Frame, byte: number) => Action;
  readonly push: (parent: Frame, child: Frame, captures: boolean) => Action;
}

/** What frames between the tokens of JSON text do: those of objects and arrays, before and after keys, members and items. */
export class StructureSteps {
  readonly isSpaceOptional: boolean;
  readonly #arena: TermArena;
  readonly #whitespace: Term;
  readonly #frames: JsonFrames;
  readonly #objects: ObjectStates;
  readonly #arrays: ArrayStates;
  readonly #cursors: TextCursors;
  readonly #starts: ValueStarts;
  readonly #step: StructureStepsParts["step"];
  readonly #push: StructureStepsParts["push"];

  constructor({ arena, whitespace, frames, objects, arrays, cursors, starts, step, push }: StructureStepsParts) {
    this.isSpaceOptional = arena.isNullable(whitespace);
    this.#arena = arena;
    this.#whitespace = whitespace;
    this.#frames = frames;
    this.#objects = objects;
    this.#arrays = arrays;
    this.#cursors = cursors;
    this.#starts = starts;
    this.#step = step;
    this.#push = push;
  }

  /** Whitespace, or the byte that goes on. */
  step(content: StructureFrame, frame: Frame, byte: number): Action {
    if (isBlank(byte)) {
      if (content.spaced) return ACTION_DEAD;
      return this.startSpace(this.isSpaceOptional ? frame : this.#frames.structure(content, true), byte);
    }
    if (!content.spaced && !this.isSpaceOptional) return ACTION_DEAD;
    switch (content.kind) {
      case "object-open":
        return byte === CLOSE_BRACE ? pop(this.#objects.endResult(content.state)) : this.#startKey(content.state, byte);
      case "object-comma":
        return this.#startKey(content.state, byte);
      case "key-end":
        if (byte !== COLON) return ACTION_DEAD;
        return this.#afterColon(content.state, content.member);
      case "unknown-key-end":
        return byte === COLON ? ACTION_UNKNOWN : ACTION_DEAD;
      case "colon":
        return this.#startChild(content.member.slot, byte, false, () =>
          this.#frames.memberPending(content.state, content.member),
        );
      case "object-after":
        if (byte === CLOSE_BRACE) return pop(this.#objects.endResult(content.state));
        return byte === COMMA ? this.#afterComma(content.state) : ACTION_DEAD;
      case "array-open":
        return byte === CLOSE_BRACKET
          ? pop(this.#arrays.endResult(content.state))
          : this.#startItem(content.state, byte);
      case "array-comma":
        return this.#startItem(content.state, byte);
      case "array-after":
        if (byte === CLOSE_BRACKET) return pop(this.#arrays.endResult(content.state));
        if (byte !== COMMA) return ACTION_DEAD;
        if (content.state.unknownItem && !this.#mayBeMany(content.state)) return ACTION_UNKNOWN;
        if (this.#arrays.item(content.state) === undefined) return ACTION_DEAD;
        return gotoFrame(this.#frames.array("array-comma", content.state, false));
    }
  }

  /** Puts whitespace above the frame that goes on after it, with its first byte taken. */
  startSpace(after: Frame, byte: number): Action {
    const language = this.#arena.next(this.#whitespace, byte);
    return language === EMPTY ? ACTION_DEAD : this.#push(after, this.#frames.whitespace(language), false);
  }

  #afterColon(state: ObjectState, member: Member): Action {
    const { slot } = member;
    // Where all values are the same to the object, objects of all schemas share what they do with them.
    if (slot.values.length > 1) return gotoFrame(this.#frames.member("colon", state, member, false));
    return this.#push(this.#frames.memberPending(state, member), this.#frames.beforeValue(slot), false);
  }

  #afterComma(state: ObjectState): Action {
    const { words, other, used } = this.#objects.choices(state);
    if (words.length === 0) {
      if (other === EMPTY) return ACTION_DEAD;
      // The last of a few keys may be the one that was used.
      if (state.unknownKey && !this.#isAbundant(other, used.length)) return ACTION_UNKNOWN;
    }
    return gotoFrame(this.#frames.object("object-comma", state, false));
  }

  #startKey(state: ObjectState, byte: number): Action {
    if (byte !== QUOTE) return ACTION_DEAD;
    const { words, other, regions, used } = this.#objects.choices(state);
    const cursor = this.#cursors.ofKey(words, regions, used, other === this.#arena.anyText);
    if (cursor === 0) return ACTION_DEAD;
    const pending = this.#frames.keyPending(state);
    if (state.unknownKey && other !== EMPTY) {
      if (!this.#isAbundant(other, used.length)) return ACTION_UNKNOWN;
      return this.#push(pending, this.#frames.unknownText(0), true);
    }
    return this.#push(pending, this.#frames.text(cursor, OUTSIDE), other !== EMPTY);
  }

  /** Whether there are so many keys that some are left, whichever were used that are not known. */
  #isAbundant(keys: Term, usedCount: number): boolean {
    const many = usedCount + MANY;
    return this.#arena.cardinality(keys, many) >= many;
  }

  /** The frame after a key that ended with `result`. */
  keyEnd(state: ObjectState, result: Result, captured: Uint8Array | undefined): Frame {
    let member;
    const region = this.#cursors.regionOf(result);
    if (region === undefined) {
      member = this.#objects.member(state, { word: this.#cursors.wordOf(result) });
    } else if (captured !== undefined) {
      member = this.#objects.member(state, { other: JSON.parse(`"${decoder.decode(captured)}`) as string });
    } else {
      member = this.#objects.anonymousMember(state, region);
      if (member === undefined) {
        return this.#frames.unknownKeyEnd(state, false);
      }
    }
    if (member === undefined) throw new Error("Broken invariant: a key that was allowed has no member.");
    return this.#frames.member("key-end", state, member, false);
  }

  #startItem(state: ArrayState, byte: number): Action {
    const item = this.#arrays.item(state);
    if (item === undefined) return ACTION_DEAD;
    const isUnknown = state.unknownItem;
    if (isUnknown) {
      if (this.#step(this.#frames.value(item.slot), byte) === ACTION_DEAD) return ACTION_DEAD;
      // Where there are many strings or objects, one is left, whichever came before.
      const isLeft =
        byte === QUOTE
          ? this.#arrays.mayBeManyStrings(state)
          : byte === OPEN_BRACE && this.#arrays.mayBeManyObjects(state);
      if (!isLeft) return ACTION_UNKNOWN;
    }
    const remembers = this.#arrays.remembers(state);
    const first = remembers ? byte : 0;
    const pending = (): Frame => this.#frames.itemPending(state, item, first);
    if (isUnknown) {
      const started = byte === QUOTE ? this.#unknownText(state, item) : this.#frames.unknownObject();
      return this.#push(pending(), started, remembers);
    }
    return this.#startChild(item.slot, byte, remembers, pending);
  }

  #unknownText(state: ArrayState, { slot }: Item): Frame {
    return this.#frames.unknownText(this.#arrays.onlyExcludes(state) ? this.#starts.text(slot) : 0);
  }

  #mayBeMany(state: ArrayState): boolean {
    return this.#arrays.mayBeManyStrings(state) || this.#arrays.mayBeManyObjects(state);
  }

  /** Puts the frame of a value on the stack, with its first byte taken. */
  #startChild(slot: Slot, byte: number, captures: boolean, pending: () => Frame): Action {
    const action = this.#step(this.#frames.value(slot), byte);
    if ((action & ACTION_KIND_MASK) !== ACTION_GOTO) return ACTION_DEAD;
    return this.#push(pending(), action >>> ACTION_KIND_BITS, captures);
  }
}

function pop(result: Result): Action {
  return result < 0 ? ACTION_DEAD : popResult(result);
}
