import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_PUSH,
  ACTION_REDUCE,
  ACTION_UNKNOWN,
  popResult,
  reduceResult,
  gotoFrame,
  type Action,
  type Frame,
  type FrameMachine,
  type Result,
} from "@espalier/grammar";
import { findCodePoint, OUTSIDE, type CodePointRange, type EscapePolicy, type EscapeState } from "../frames/escapes.ts";
import { escapeText, hexEscape, reachable, spelledCount, stepEscape } from "./escaped-bytes.ts";
import { decodedCapture } from "./decoded-capture.ts";

/** A frame of another machine, whose bytes are spelled in a JSON string. */
export interface ContentFrame {
  readonly machine: FrameMachine;
  readonly frame: Frame;
  /** Where the text stands in an escape sequence; of a frame that waits for another, where it stood when that one began. */
  readonly escape: EscapeState;
  /** Of the last frame of the content: what the string tells when it ends. -1 of the frames above it. */
  readonly root: Result;
}

export interface ContentFramesHost {
  readonly policy: EscapePolicy;
  intern(content: ContentFrame): Frame;
  push(parent: Frame, child: Frame, captures: boolean): Action;
  spend(): void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The frame of a machine that has ended: 0 is never a frame. */
const ENDED: Frame = 0;

/** What can become of a frame with one of several characters. */
type Outlook =
  | { readonly kind: "alive"; readonly codePoint: number }
  /** It has ended before each of those that are possible at all. */
  | { readonly kind: "ended"; readonly result: Result }
  | { readonly kind: "unknown" | "dead" };

/**
 * The frames of another machine inside a JSON string: the layer between the bytes of the string and the text that they spell.
 * Frames correspond one to one, so masks and stacks are shared as they are without the string around them.
 *
 * An escape sequence hands the bytes of its character over one by one ({@link stepEscape}); where it stands goes from frame to frame with
 * the results of those that end. A sequence is only begun, and gone on with, when some character that it can still spell is possible.
 */
export class ContentFrames {
  readonly #host: ContentFramesHost;
  readonly #results: { readonly result: Result; readonly escape: EscapeState }[] = [];
  readonly #resultIds = new Map<string, Result>();

  constructor(host: ContentFramesHost) {
    this.#host = host;
  }

  step(content: ContentFrame, byte: number): Action {
    const { escape } = content;
    if (escape !== OUTSIDE) {
      const step = stepEscape(escape, byte, this.#host.policy);
      if (step === undefined) return ACTION_DEAD;
      if (step.escape === OUTSIDE) return this.#take(content, step.spelled!, OUTSIDE);
      return this.#onward(content, step.escape, step.spelled);
    }
    if (byte === QUOTE) return this.#close(content);
    if (byte === BACKSLASH) return this.#onward(content, "\\", undefined);
    return byte < 0x20 ? ACTION_DEAD : this.#take(content, byte, OUTSIDE);
  }

  resume(content: ContentFrame, told: Result, captured: Uint8Array | undefined): Frame {
    const { result, escape } = this.#results[told];
    const text = captured === undefined ? undefined : decodedCapture(content.escape, captured);
    return this.#host.intern({ ...content, escape, frame: content.machine.resume(content.frame, result, text) });
  }

  /** What a frame tells that has ended right here; -1 for the last one, which the string's quote ends. */
  end({ machine, frame, escape, root }: ContentFrame): Result {
    if (root >= 0 || escape !== OUTSIDE) return -1;
    const result = machine.end(frame);
    return result < 0 ? -1 : this.#told(result, OUTSIDE);
  }

  /** See `FrameMachine.early`, which contents of contents are asked for. */
  early({ machine, frame }: ContentFrame, told: Result): Result {
    const { result, escape } = this.#results[told];
    return this.#told(machine.early?.(frame, result) ?? result, escape);
  }

  representative(content: ContentFrame, byteCount: number): ContentFrame {
    if (content.frame === ENDED) return content;
    const frame = content.machine.representative(content.frame, byteCount);
    return frame === content.frame ? content : { ...content, frame };
  }

  /** The beginning of a short ending; the closing quote where the content has ended. */
  completion(content: ContentFrame): string | Uint8Array {
    const { machine, frame, escape, root } = content;
    if (escape !== OUTSIDE) return this.#escapeCompletion(content);
    const rest = frame === ENDED ? NOTHING_MORE : machine.completion(frame);
    if (rest.length === 0) return root >= 0 ? '"' : "";
    return escapedBytes(rest);
  }

  /** The closing quote. */
  #close({ machine, frame, root }: ContentFrame): Action {
    if (frame === ENDED) return popResult(root);
    const result = machine.end(frame);
    if (result < 0) return ACTION_DEAD;
    return root >= 0 ? popResult(root) : reduceResult(this.#told(result, OUTSIDE));
  }

  /** Hands one byte of the text over; `after` is where the sequence stands then. */
  #take(content: ContentFrame, byte: number, after: EscapeState): Action {
    const { machine, frame, root, escape } = content;
    const action = this.#innerStep(content, frame, byte);
    const payload = action >>> ACTION_KIND_BITS;
    switch (action & ACTION_KIND_MASK) {
      case ACTION_GOTO:
        return gotoFrame(this.#host.intern({ machine, frame: payload, escape: after, root }));
      case ACTION_PUSH: {
        const { parent, child, captures } = machine.pushes;
        return this.#host.push(
          this.#host.intern({ machine, frame: parent[payload], escape: after, root }),
          this.#host.intern({ machine, frame: child[payload], escape: after, root: -1 }),
          captures[payload],
        );
      }
      case ACTION_POP:
        if (root < 0) return popResult(this.#told(payload, after));
        return gotoFrame(this.#host.intern({ machine, frame: ENDED, escape: after, root }));
      case ACTION_REDUCE:
        // After the last frame there is nothing for the byte.
        return root < 0 ? reduceResult(this.#told(payload, escape)) : ACTION_DEAD;
      default:
        return action;
    }
  }

  /** Goes on inside an escape sequence, if some character that it can still spell is possible. */
  #onward(content: ContentFrame, escape: EscapeState, spelled: number | undefined): Action {
    const ranges = reachable(escape, this.#host.policy);
    const outlook = this.#outlook(content, ranges, spelledCount(content.escape));
    switch (outlook.kind) {
      case "dead":
        return ACTION_DEAD;
      case "unknown":
        return ACTION_UNKNOWN;
      case "ended":
        return content.root < 0 ? reduceResult(this.#told(outlook.result, content.escape)) : ACTION_DEAD;
      case "alive":
        if (spelled !== undefined) return this.#take(content, spelled, escape);
        return gotoFrame(this.#host.intern({ ...content, escape }));
    }
  }

  /**
   * @param ranges code points
   * @param told how many bytes of their encodings the frame has taken
   */
  #outlook(content: ContentFrame, ranges: readonly CodePointRange[], told: number): Outlook {
    let ended: Result = -1;
    let isUnknown = false;
    // Frames of the other machine from the content's own up, packed as numbers so that the search can go back to any of them.
    const stacks: { readonly frames: readonly Frame[]; readonly depth: number }[] = [
      { frames: [], depth: 0 },
      { frames: [content.frame], depth: 0 },
    ];
    const step = (index: number, byte: number): number => {
      this.#host.spend();
      const { frames, depth } = stacks[index];
      const next = (changed: readonly Frame[]): number => stacks.push({ frames: changed, depth: depth + 1 }) - 1;
      // Bytes that have been taken are the same for all that can be reached.
      if (depth < told) return next(frames);
      let stack = frames;
      for (;;) {
        const top = stack.at(-1);
        if (top === undefined) return 0;
        const action = this.#innerStep(content, top, byte);
        const payload = action >>> ACTION_KIND_BITS;
        const { parent, child } = content.machine.pushes;
        switch (action & ACTION_KIND_MASK) {
          case ACTION_GOTO:
            return next([...stack.slice(0, -1), payload]);
          case ACTION_PUSH:
            return next([...stack.slice(0, -1), parent[payload], child[payload]]);
          case ACTION_POP:
            return next(resumed(content.machine, stack, payload));
          case ACTION_REDUCE:
            if (stack.length === 1) {
              ended = payload;
              return 0;
            }
            stack = resumed(content.machine, stack, payload);
            continue;
          case ACTION_UNKNOWN:
            isUnknown = true;
            return 0;
          default:
            return 0;
        }
      }
    };
    for (const [low, high] of ranges) {
      const found = findCodePoint(1, low, high, step);
      if (found !== undefined) return { kind: "alive", codePoint: found.codePoint };
    }
    const { machine, frame } = content;
    if (ended >= 0) return { kind: "ended", result: machine.early?.(frame, ended) ?? ended };
    return { kind: isUnknown ? "unknown" : "dead" };
  }

  #innerStep({ machine }: ContentFrame, frame: Frame, byte: number): Action {
    return frame === ENDED ? ACTION_DEAD : machine.step(frame, byte);
  }

  #escapeCompletion(content: ContentFrame): string {
    const { escape } = content;
    const { policy } = this.#host;
    if (escape === "\\") {
      for (const letter of 'ntrbf"\\/') {
        const step = stepEscape(escape, letter.charCodeAt(0), policy);
        if (step?.spelled === undefined) continue;
        const code = step.spelled;
        if (this.#outlook(content, [[code, code]], 0).kind === "alive") return letter;
      }
    }
    const hexOnly = reachable(escape === "\\" ? "u" : escape, policy);
    const outlook = this.#outlook(content, hexOnly, spelledCount(escape));
    if (outlook.kind !== "alive") throw new Error("Broken invariant: an escape sequence that nothing completes.");
    return hexEscape(outlook.codePoint).slice(escapeText(escape).length);
  }

  #told(result: Result, escape: EscapeState): Result {
    const key = `${result} ${escape}`;
    let id = this.#resultIds.get(key);
    if (id === undefined) {
      id = this.#results.length;
      this.#results.push({ result, escape });
      this.#resultIds.set(key, id);
    }
    return id;
  }
}

const NOTHING_MORE = new Uint8Array(0);

function resumed(machine: FrameMachine, stack: readonly Frame[], result: Result): readonly Frame[] {
  if (stack.length === 1) return [];
  return [...stack.slice(0, -2), machine.resume(stack[stack.length - 2], result, undefined)];
}

/** The bytes of a text as a JSON string has them; it may begin inside a character. */
function escapedBytes(bytes: Uint8Array): Uint8Array {
  let begun = 0;
  while (begun < bytes.length && (bytes[begun] & 0xc0) === 0x80) begun++;
  const quoted = JSON.stringify(new TextDecoder().decode(bytes.subarray(begun)));
  return Uint8Array.from([...bytes.subarray(0, begun), ...new TextEncoder().encode(quoted.slice(1, -1))]);
}
