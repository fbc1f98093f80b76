/**
 * The alphabet of actions of a pushdown machine, packed in one integer: kind in the low three bits, payload above.
 *
 * | kind | payload | meaning |
 * |---|---|---|
 * | DEAD | - | no completion exists after this byte |
 * | GOTO | frame | the top frame becomes `frame` |
 * | PUSH | push index | the top frame becomes `pushes.parent[i]`, and `pushes.child[i]` is put on top of it |
 * | POP | result | the byte ends the top frame, which hands `result` to the frame below |
 * | REDUCE | result | the top frame had ended before this byte; the frame below takes `result`, then the same byte |
 * | UNKNOWN | - | depends on a captured text that was not given to {@link FrameMachine.resume} |
 */
export type Action = number;

/** An interned frame: the part of a pushdown state that is on top of the stack. 0 is never a frame. */
export type Frame = number;

/** What an ended frame tells the frame below it; its meaning is between the two of them. */
export type Result = number;

export const ACTION_DEAD = 0;
export const ACTION_GOTO = 1;
export const ACTION_PUSH = 2;
export const ACTION_POP = 3;
export const ACTION_REDUCE = 4;
export const ACTION_UNKNOWN = 5;

export const ACTION_KIND_BITS = 3;
export const ACTION_KIND_MASK = 7;

export function gotoFrame(frame: Frame): Action {
  return (frame << ACTION_KIND_BITS) | ACTION_GOTO;
}

export function popResult(result: Result): Action {
  return (result << ACTION_KIND_BITS) | ACTION_POP;
}

export function reduceResult(result: Result): Action {
  return (result << ACTION_KIND_BITS) | ACTION_REDUCE;
}

/** A text that a captured child may have consumed, its last byte included, and the result with which it then ends. */
export interface CaptureSample {
  readonly result: Result;
  readonly text: Uint8Array;
}

/** Payload of PUSH actions, by push index. */
export interface PushTable {
  readonly parent: readonly Frame[];
  readonly child: readonly Frame[];
  /** True when the parent wants the bytes that the child consumed. */
  readonly captures: readonly boolean[];
}

/** Marks of bytes in {@link CountedFrame}: those that are part of characters, those that end the text, those that mean something else, and those that never come. */
export const MARK_CHARACTER = 0;
export const MARK_END = 1;
export const MARK_OTHER = 2;
export const MARK_REFUSED = 3;

/** A text that a frame consumes, and the result with which it then ends. */
export interface FrameText {
  readonly result: Result;
  readonly text: Uint8Array;
}

/** What a frame that counts characters of UTF-8 does, told by one that does not count them. */
export interface CountedFrame {
  /** Goes on with the same characters, as many as there are, and ends as the frame does after any of them. */
  readonly base: Frame;
  /** So many characters must come before an end. */
  readonly least: number;
  /** No more characters may come. */
  readonly most: number;
  /** So many characters may come whenever they may for the base; `most` at most. After more of them the end may be out of reach. */
  readonly sure: number;
  /** The frame after a text of `count` characters that leads the base to `after`; 0 where it cannot end any more. */
  readonly after: (after: Frame, count: number) => Frame;
  /**
   * By byte: {@link MARK_CHARACTER}, {@link MARK_END} for those that end the frame, {@link MARK_REFUSED} for those that no frame takes,
   * {@link MARK_OTHER} for those of which nothing is said. The same array for the same marks. Read only.
   */
  readonly marks: Uint8Array;
}

/** What a frame that reads one of some texts does, told by one that reads all others. */
export interface KeyedFrame {
  /**
   * Goes on with any characters, and reads every text but those of `texts` as the frame does, to the same end; 0 where only those of
   * `texts` may be read.
   */
  readonly base: Frame;
  /** Ascending. All agree in the first `from` bytes, which are read. */
  readonly texts: readonly Uint8Array[];
  readonly from: number;
  /** By text: with what the frame ends after it; -1 where it cannot. */
  readonly results: readonly Result[];
  /** As of {@link CountedFrame}; one byte ends the frame, and at most one is of the others. */
  readonly marks: Uint8Array;
  /**
   * How a character of a text, given in UTF-8, may also be spelled, beginning with the byte that is of the others: the bytes to choose
   * from, one after the other. No two spellings are the same. Inside of any other bytes the frame does as its base; without a
   * base it cannot go on with them. The same function for the same spellings.
   */
  readonly spellings: (character: Uint8Array) => readonly (readonly Uint8Array[])[];
}

/**
 * A deterministic pushdown machine over bytes whose frames are interned by content.
 *
 * Invariant that makes masks complete and free of dead ends: a frame is only ever handed out when it can still end,
 * and only with results that let the frame below go on.
 */
export interface FrameMachine {
  readonly pushes: PushTable;
  /** True when the machine holds so many frames that a new one had better be made. */
  readonly isFull: boolean;
  /** The action of `frame` on `byte`. Memoised: amortised O(1). */
  step(frame: Frame, byte: number): Action;
  /** When given: some of `bytes`, so that the actions of `frame` on all of them are among those on these. Read only. */
  distinct?(frame: Frame, bytes: Uint8Array): Uint8Array;
  /**
   * When given: tells in which bytes two frames differ, with a step for each class of bytes rather than for each byte.
   * @param differs 256 numbers, overwritten: 1 where the actions are not the same, else 0
   * @returns how many bytes differ
   */
  compare?(a: Frame, b: Frame, differs: Uint8Array): number;
  /**
   * The frame that goes on when the child of `frame` ended with `result`.
   * @param captured the bytes that the child consumed (its last one included), when the push asked for them and they are known.
   * When they are not known (a mask is made for all texts at once), the frame answers as it would for every text,
   * and UNKNOWN where texts differ.
   */
  resume(frame: Frame, result: Result, captured: Uint8Array | undefined): Frame;
  /** When given: what a frame does that counts characters; undefined for others. */
  counted?(frame: Frame): CountedFrame | undefined;
  /**
   * When given: a frame that takes every text as `frame` does, and ends where it ends, but with results of its own; undefined for frames
   * without such a one. Their masks are told apart only where texts end.
   */
  relabelled?(frame: Frame): Frame | undefined;
  /** When given: what a frame does that reads one of some texts; undefined for others. */
  keyed?(frame: Frame): KeyedFrame | undefined;
  /**
   * When given: texts that the captured child of `frame` may have consumed, one of each kind that matters for what comes after it: of keys
   * that match a pattern and keys that do not, one each. Read only.
   */
  captureSamples?(frame: Frame): readonly CaptureSample[];
  /**
   * When given: the push that a frame makes before any byte, or -1. A state never has such a frame on top: what all frames with
   * the same child share is then looked up once. {@link step} of the frame itself answers the same, without that push.
   */
  delegate?(frame: Frame): number;
  /**
   * When given: whether many states have `frame` on top, and its steps are quick. False for frames that a state has to itself: what is
   * learnt of them is seldom of use again, and each step may make more of them.
   */
  isShared?(frame: Frame): boolean;
  /**
   * When given: a frame that many states share, of which `frame` is sure to live as long as that one goes on by GOTO; 0 where none is
   * known. Asked for frames that {@link isShared} is false for.
   */
  survivor?(frame: Frame): Frame;
  /**
   * When given: the frame on top once `frame` has resumed with `result` and has put another frame above it, found without making
   * what is below that; 0 where it is not known.
   */
  topAfter?(frame: Frame, result: Result): Frame;
  /**
   * When given: the bytes that may come after `frame`, or what it becomes, ended with `result`, whatever is below: 1 for each of
   * them, by byte; undefined where that is not known. The same array for the same bytes. Read only.
   */
  followers?(frame: Frame, result: Result): Uint8Array | undefined;
  /**
   * When given: what to hand down instead of `result` where `frame` ends before it is known which byte comes next, as in the middle of an
   * escape sequence: the frame below then refuses the bytes that `frame` refuses.
   */
  early?(frame: Frame, result: Result): Result;
  /** The result with which `frame` ends when the input ends here, or -1 when it cannot. */
  end(frame: Frame): Result;
  /**
   * A frame with the same actions as `frame` for every text of at most `byteCount` bytes: a string with 3,417 characters
   * left stands for every longer one. Masks are shared through it. Returns `frame` itself when there is none.
   */
  representative(frame: Frame, byteCount: number): Frame;
  /**
   * The beginning of a short text with which `frame` ends (all of it, or a part after which another frame goes on): empty only
   * when {@link end} already has a result. Following completions from frame to frame ends the text. Read only.
   * @param below the frame right below, where it is known: machines may choose the ending that costs least there
   */
  completion(frame: Frame, below?: Frame): Uint8Array;
  /**
   * When given: a whole text with which `frame` ends, and its result, where both are known without making the frames in between:
   * those of a thousand items that must differ, each of which has one of its own. Where `frame` depends on captured text that is not
   * known, a text as long as any that may be needed. Undefined for other frames. Read only.
   */
  ending?(frame: Frame): FrameText | undefined;
  describe(frame: Frame): string;
}
