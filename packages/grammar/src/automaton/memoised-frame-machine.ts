import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { BytePartitionTable } from "../regex/byte-partition-table.ts";
import {
  ACTION_KIND_BITS,
  ACTION_PUSH,
  type Action,
  type Frame,
  type FrameMachine,
  type PushTable,
  type Result,
} from "./frame-machine.ts";
import { IntTripleTable } from "./int-triple-table.ts";

const UNKNOWN_ACTION = -1;
/** Where the cells of a frame begin that has never been stepped. */
const NO_CELLS = -1;

const INITIAL_FRAMES = 1_024;

/** A machine is full long before it is at its limit, so that what runs can end on it. */
const ROLL_OVER_SHARE = 16;

/** Bytes by class, numbered by their least byte. */
interface JointClasses {
  readonly classOf: Uint8Array;
  /** The least byte of each class. */
  readonly least: Uint8Array;
}

/** What a concrete machine keeps for one frame that is interned by a text. */
export interface FrameContent {
  /** Equal keys, equal frames. */
  readonly key: string;
}

/**
 * Interning and memoisation that every concrete {@link FrameMachine} needs: frames by content, actions by (frame, class of bytes),
 * pushes by content, resumptions by (frame, result).
 *
 * A frame that has been stepped owns one cell for each class of its byte partition, in one flat pool: the action on byte `b` is
 * `cells[cellStart[frame] + classOf[partitionOf[frame] * 256 + b]]`. Cells are filled one by one, as they are asked for.
 */
export abstract class MemoisedFrameMachine<Content extends object> implements FrameMachine {
  readonly pushes: PushTable;
  readonly #pushParent: Frame[] = [];
  readonly #pushChild: Frame[] = [];
  readonly #pushCaptures: boolean[] = [];
  readonly #pushIds = new IntTripleTable();
  readonly #contents: Content[] = [undefined as unknown as Content];
  readonly #ids = new Map<string, Frame>();
  /** The byte partitions of frames. */
  protected readonly partitions: BytePartitionTable = new BytePartitionTable();
  #partitionOf: Int32Array = new Int32Array(INITIAL_FRAMES);
  #cellStart: Int32Array = new Int32Array(INITIAL_FRAMES).fill(NO_CELLS);
  #cells: Int32Array = new Int32Array(INITIAL_FRAMES * 16);
  #cellCount = 0;
  readonly #jointClasses = new Map<number, JointClasses>();
  /** Of {@link distinct}: for some bytes, by partition. */
  readonly #distinct = new WeakMap<Uint8Array, Uint8Array[]>();
  /** Of {@link compare}. */
  readonly #differs: Uint8Array = new Uint8Array(256);
  #everyByte: number | undefined;
  readonly #completions: (Uint8Array | undefined)[] = [undefined];
  /** Of (frame, result). */
  readonly #resumptions = new IntTripleTable();
  readonly #resumed: (Frame | undefined)[] = [];
  readonly #maxFrames: number;

  constructor(maxFrames: number) {
    this.#maxFrames = maxFrames;
    this.pushes = { parent: this.#pushParent, child: this.#pushChild, captures: this.#pushCaptures };
  }

  protected abstract computeStep(content: Content, frame: Frame, byte: number): Action;
  protected abstract computeResume(content: Content, result: Result, captured: Uint8Array | undefined): Frame;
  protected abstract computeCompletion(content: Content, frame: Frame): Uint8Array;
  abstract end(frame: Frame): Result;
  abstract describe(frame: Frame): string;

  /** Bytes of one class have the same action: a number of {@link partitions}. @defaultValue every byte a class of its own */
  protected partition(_content: Content): number {
    return (this.#everyByte ??= this.partitions.intern(
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      256,
    ));
  }

  representative(frame: Frame, _byteCount: number): Frame {
    return frame;
  }

  get isFull(): boolean {
    return this.frameCount > this.#maxFrames / ROLL_OVER_SHARE;
  }

  /** Bytes held by the tables of actions and pushes. */
  get actionBytes(): number {
    return (
      this.#resumptions.bytesHeld +
      this.#pushIds.bytesHeld +
      this.#cells.byteLength +
      this.#cellStart.byteLength +
      this.#partitionOf.byteLength
    );
  }

  get frameCount(): number {
    return this.#contents.length - 1;
  }

  step(frame: Frame, byte: number): Action {
    const start = this.#cellStart[frame];
    if (start === NO_CELLS) return this.#firstStep(frame, byte);
    const cell = start + this.partitions.classOf[(this.#partitionOf[frame] << 8) | byte];
    const known = this.#cells[cell];
    return known === UNKNOWN_ACTION ? this.#fillCell(frame, byte, cell) : known;
  }

  distinct(frame: Frame, bytes: Uint8Array): Uint8Array {
    let byPartition = this.#distinct.get(bytes);
    if (byPartition === undefined) this.#distinct.set(bytes, (byPartition = []));
    const partition = this.#partition(frame);
    return (byPartition[partition] ??= this.#distinctBytes(partition, bytes));
  }

  #distinctBytes(partition: number, bytes: Uint8Array): Uint8Array {
    const seen = new Set<number>();
    return bytes.filter((byte) => {
      const each = this.partitions.classOf[(partition << 8) | byte];
      if (seen.has(each)) return false;
      seen.add(each);
      return true;
    });
  }

  compare(a: Frame, b: Frame, differs: Uint8Array): number {
    const { least, classOf } = this.#joint(this.#partition(a), this.#partition(b));
    for (let i = 0; i < least.length; i++) this.#differs[i] = this.step(a, least[i]) === this.step(b, least[i]) ? 0 : 1;
    let count = 0;
    for (let byte = 0; byte < 256; byte++) count += differs[byte] = this.#differs[classOf[byte]]!;
    return count;
  }

  /** The classes of bytes that neither of two partitions tells apart. */
  #joint(a: number, b: number): JointClasses {
    const key = a * 0x1000000 + b;
    let joint = this.#jointClasses.get(key);
    if (joint === undefined) {
      const classOf = this.partitions.classOf.slice(a << 8, (a + 1) << 8);
      const count = this.partitions.refine(classOf, this.partitions.classOf, b << 8);
      joint = { classOf, least: Uint8Array.from({ length: count }, (_, each) => classOf.indexOf(each)) };
      this.#jointClasses.set(key, joint);
    }
    return joint;
  }

  /** The partition of a frame, which has cells from now on. */
  #partition(frame: Frame): number {
    if (this.#cellStart[frame] === NO_CELLS) this.#firstStep(frame, 0);
    return this.#partitionOf[frame];
  }

  #firstStep(frame: Frame, byte: number): Action {
    const partition = this.partition(this.#contents[frame]);
    const start = this.#cellCount;
    this.#cellCount += this.partitions.classCount(partition);
    if (this.#cellCount > this.#cells.length) this.#cells = grown(this.#cells, this.#cellCount, 0);
    this.#cells.fill(UNKNOWN_ACTION, start, this.#cellCount);
    this.#partitionOf[frame] = partition;
    this.#cellStart[frame] = start;
    return this.#fillCell(frame, byte, start + this.partitions.classOf[(partition << 8) | byte]);
  }

  #fillCell(frame: Frame, byte: number, cell: number): Action {
    const action = this.computeStep(this.#contents[frame], frame, byte);
    // The pool may have been replaced meanwhile.
    this.#cells[cell] = action;
    return action;
  }

  completion(frame: Frame, _below?: Frame): Uint8Array {
    return (this.#completions[frame] ??= this.computeCompletion(this.#contents[frame], frame));
  }

  resume(frame: Frame, result: Result, captured: Uint8Array | undefined): Frame {
    if (captured !== undefined) return this.computeResume(this.#contents[frame], result, captured);
    const id = this.#resumptions.intern(frame, result, 0);
    return (this.#resumed[id] ??= this.computeResume(this.#contents[frame], result, undefined));
  }

  protected contentOf(frame: Frame): Content {
    return this.#contents[frame];
  }

  protected internFrame(content: Content & FrameContent): Frame {
    let frame = this.#ids.get(content.key);
    if (frame === undefined) this.#ids.set(content.key, (frame = this.addFrame(content)));
    return frame;
  }

  /** A new frame, for machines that intern the content by themselves. */
  protected addFrame(content: Content): Frame {
    const frame = this.#contents.length;
    if (frame > this.#maxFrames) {
      throw new LimitExceededError({
        message: `The automaton needs more than maxFrames (${this.#maxFrames}) frames.`,
        limit: "maxFrames",
        allowed: this.#maxFrames,
      });
    }
    this.#contents.push(content);
    if (frame >= this.#cellStart.length) {
      this.#cellStart = grown(this.#cellStart, frame + 1, NO_CELLS);
      this.#partitionOf = grown(this.#partitionOf, frame + 1, 0);
    }
    this.#completions.push(undefined);
    return frame;
  }

  protected push(parent: Frame, child: Frame, captures: boolean): Action {
    // The table counts from 1.
    const id = this.#pushIds.intern(parent, child, captures ? 1 : 0) - 1;
    if (id === this.#pushParent.length) {
      this.#pushParent.push(parent);
      this.#pushChild.push(child);
      this.#pushCaptures.push(captures);
    }
    return (id << ACTION_KIND_BITS) | ACTION_PUSH;
  }
}

/** A copy of at least `length` entries, its end filled with `value`. */
function grown(array: Int32Array, length: number, value: number): Int32Array {
  const copy = new Int32Array(Math.max(length, array.length * 2));
  copy.set(array);
  if (value !== 0) copy.fill(value, array.length);
  return copy;
}
