import { IntTripleTable, type Frame, type FrameMachine, type Result, type Term } from "@espalier/grammar";
import type { ContentFrame } from "../content/content-frames.ts";
import type { ArrayState, Item } from "./array-states.ts";
import type { EscapeState } from "./escapes.ts";
import type { JsonFrame, StructureFrame } from "./json-frame.ts";
import type { Member, ObjectState } from "./object-state.ts";
import type { Slot } from "./slot.ts";
import type { Cursor } from "./text-cursors.ts";

/** Numbers of kinds, with room for a flag. */
const KIND = {
  value: 0,
  literal: 2,
  number: 4,
  text: 6,
  content: 8,
  "content-root": 10,
  "unknown-text": 12,
  whitespace: 14,
  "object-open": 16,
  "object-comma": 18,
  "object-after": 20,
  "key-pending": 22,
  "key-end": 24,
  "unknown-key-end": 26,
  colon: 28,
  "member-pending": 30,
  "array-open": 32,
  "array-comma": 34,
  "array-after": 36,
  "item-pending": 38,
  "before-value": 40,
  "unknown-object": 42,
} as const;

/** Longer than any literal. */
const LITERAL_LENGTH = 8;

/** Makes the frames of JSON text: equal content, equal frame. Interned by numbers, since frames are asked for at nearly every byte. */
export class JsonFrames {
  readonly #add: (content: JsonFrame) => Frame;
  /** Of kind and flag, and two numbers of what the frame is about. */
  readonly #places = new IntTripleTable();
  /** By place. */
  readonly #frames: Frame[] = [0];
  readonly #literals = new Map<string, number>();
  readonly #escapes = new Map<EscapeState, number>();
  readonly #machines = new Map<FrameMachine, number>();

  /** @param add makes a new frame */
  constructor(add: (content: JsonFrame) => Frame) {
    this.#add = add;
  }

  value(slot: Slot): Frame {
    const place = this.#places.intern(KIND.value, slot.id, 0);
    return (this.#frames[place] ??= this.#add({ kind: "value", slot }));
  }

  beforeValue(slot: Slot): Frame {
    const place = this.#places.intern(KIND["before-value"], slot.id, 0);
    return (this.#frames[place] ??= this.#add({ kind: "before-value", slot }));
  }

  literal(text: string, at: number, result: Result): Frame {
    const place = this.#places.intern(KIND.literal, numberOf(this.#literals, text) * LITERAL_LENGTH + at, result);
    return (this.#frames[place] ??= this.#add({ kind: "literal", text, at, result }));
  }

  number(cursor: Cursor): Frame {
    const place = this.#places.intern(KIND.number, cursor, 0);
    return (this.#frames[place] ??= this.#add({ kind: "number", cursor }));
  }

  text(cursor: Cursor, escape: EscapeState): Frame {
    const place = this.#places.intern(KIND.text, cursor, numberOf(this.#escapes, escape));
    return (this.#frames[place] ??= this.#add({ kind: "text", cursor, escape }));
  }

  unknownObject(): Frame {
    const place = this.#places.intern(KIND["unknown-object"], 0, 0);
    return (this.#frames[place] ??= this.#add({ kind: "unknown-object" }));
  }

  unknownText(cursor: Cursor): Frame {
    const place = this.#places.intern(KIND["unknown-text"], cursor, 0);
    return (this.#frames[place] ??= this.#add({ kind: "unknown-text", cursor }));
  }

  content(content: ContentFrame): Frame {
    const { machine, frame, escape, root } = content;
    const text = this.#places.intern(KIND["content-root"], numberOf(this.#machines, machine), root);
    const inside = this.#places.intern(KIND.content, text, numberOf(this.#escapes, escape));
    const place = this.#places.intern(KIND.content + 1, inside, frame);
    return (this.#frames[place] ??= this.#add({ kind: "content", machine, frame, escape, root }));
  }

  whitespace(language: Term): Frame {
    const place = this.#places.intern(KIND.whitespace, language, 0);
    return (this.#frames[place] ??= this.#add({ kind: "whitespace", language }));
  }

  object(kind: "object-open" | "object-comma" | "object-after", state: ObjectState, spaced: boolean): Frame {
    const place = this.#places.intern(KIND[kind] + (spaced ? 1 : 0), state.id, 0);
    return (this.#frames[place] ??= this.#add({ kind, state, spaced }));
  }

  array(kind: "array-open" | "array-comma" | "array-after", state: ArrayState, spaced: boolean): Frame {
    const place = this.#places.intern(KIND[kind] + (spaced ? 1 : 0), state.id, 0);
    return (this.#frames[place] ??= this.#add({ kind, state, spaced }));
  }

  member(kind: "key-end" | "colon", state: ObjectState, member: Member, spaced: boolean): Frame {
    const place = this.#places.intern(KIND[kind] + (spaced ? 1 : 0), state.id, member.id);
    return (this.#frames[place] ??= this.#add({ kind, state, member, spaced }));
  }

  unknownKeyEnd(state: ObjectState, spaced: boolean): Frame {
    const place = this.#places.intern(KIND["unknown-key-end"] + (spaced ? 1 : 0), state.id, 0);
    return (this.#frames[place] ??= this.#add({ kind: "unknown-key-end", state, spaced }));
  }

  keyPending(state: ObjectState): Frame {
    const place = this.#places.intern(KIND["key-pending"], state.id, 0);
    return (this.#frames[place] ??= this.#add({ kind: "key-pending", state }));
  }

  memberPending(state: ObjectState, member: Member): Frame {
    const place = this.#places.intern(KIND["member-pending"], state.id, member.id);
    return (this.#frames[place] ??= this.#add({ kind: "member-pending", state, member }));
  }

  itemPending(state: ArrayState, item: Item, first: number): Frame {
    const place = this.#places.intern(KIND["item-pending"], state.id, first);
    return (this.#frames[place] ??= this.#add({ kind: "item-pending", state, item, first }));
  }

  /** The frame with that content, but for `spaced`. */
  structure(content: StructureFrame, spaced: boolean): Frame {
    switch (content.kind) {
      case "object-open":
      case "object-comma":
      case "object-after":
        return this.object(content.kind, content.state, spaced);
      case "array-open":
      case "array-comma":
      case "array-after":
        return this.array(content.kind, content.state, spaced);
      case "unknown-key-end":
        return this.unknownKeyEnd(content.state, spaced);
      default:
        return this.member(content.kind, content.state, content.member, spaced);
    }
  }
}

/** Numbers things from 0, in the order in which they come. */
function numberOf<T>(numbers: Map<T, number>, thing: T): number {
  let number = numbers.get(thing);
  if (number === undefined) numbers.set(thing, (number = numbers.size));
  return number;
}
