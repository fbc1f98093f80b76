import {
  MARK_CHARACTER,
  MARK_END,
  MARK_OTHER,
  MARK_REFUSED,
  type CountedFrame,
  type Frame,
  type KeyedFrame,
} from "@espalier/grammar";
import { OUTSIDE } from "./escapes.ts";
import type { JsonFrames } from "./json-frames.ts";
import type { Spellings } from "./spellings.ts";
import type { Cursor, TextCursors } from "./text-cursors.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A quote ends a text, a backslash begins what is not plain, and control characters are only spelled by escapes. */
const STRING_MARKS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === QUOTE) return MARK_END;
  if (byte === BACKSLASH) return MARK_OTHER;
  return byte < 0x20 ? MARK_REFUSED : MARK_CHARACTER;
});

interface TextBasesParts {
  readonly cursors: TextCursors;
  readonly frames: JsonFrames;
  readonly spellings: Spellings;
  /** The position of a frame inside a text and outside of escapes; 0 for others. */
  readonly cursorOf: (frame: Frame) => Cursor;
  /** Runs one piece of lazy work under a budget. */
  readonly budgeted: <T>(work: () => T) => T;
}

/** What frames inside texts do, told by frames that many others share: strings that do not count their characters, keys of any object. */
export class TextBases {
  readonly #parts: TextBasesParts;

  constructor(parts: TextBasesParts) {
    this.#parts = parts;
  }

  counted(cursor: Cursor): CountedFrame | undefined {
    const { cursors, budgeted, cursorOf } = this.#parts;
    const counted = budgeted(() => cursors.counted(cursor));
    if (counted === undefined) return undefined;
    const { base, after } = counted;
    return {
      ...counted,
      base: this.#frameAt(base),
      after: (frame, count) => budgeted(() => this.#frameAt(after(cursorOf(frame), count))),
      marks: STRING_MARKS,
    };
  }

  keyed(cursor: Cursor): KeyedFrame | undefined {
    const { cursors, spellings } = this.#parts;
    const keyed = cursors.keyed(cursor);
    return keyed && { ...keyed, base: this.#frameAt(keyed.base), marks: STRING_MARKS, spellings: spellings.of };
  }

  relabelled(cursor: Cursor): Frame | undefined {
    const relabelled = this.#parts.cursors.relabelled(cursor);
    return relabelled === undefined ? undefined : this.#frameAt(relabelled);
  }

  /** The frame at a position outside of escapes; 0 where there is none. */
  #frameAt(cursor: Cursor): Frame {
    return cursor === 0 ? 0 : this.#parts.frames.text(cursor, OUTSIDE);
  }
}
