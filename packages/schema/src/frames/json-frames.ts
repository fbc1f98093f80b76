import type { Frame, FrameMachine, Result, Term } from "@espalier/grammar";
import type { ContentFrame } from "../content/content-frames.ts";
import type { ArrayState } from "./array-states.ts";
import { OUTSIDE, type EscapeState } from "./escapes.ts";
import type { JsonFrame } from "./json-frame.ts";
import type { Member, ObjectState } from "./object-states.ts";
import type { Slot } from "./slot.ts";
import type { Cursor } from "./text-cursors.ts";

/** Makes the frames of JSON text: equal content, equal frame. */
export class JsonFrames {
  readonly #intern: (content: JsonFrame) => Frame;
  /** By slot, and by cursor outside of escapes: asked for at nearly every byte. */
  readonly #valueFrames: Frame[] = [];
  readonly #textFrames: Frame[] = [];
  readonly #machineNumbers = new Map<FrameMachine, number>();

  constructor(intern: (content: JsonFrame) => Frame) {
    this.#intern = intern;
  }

  value(slot: Slot): Frame {
    return (this.#valueFrames[slot.id] ??= this.#intern({ key: `v${slot.id}`, kind: "value", slot }));
  }

  literal(text: string, at: number, result: Result): Frame {
    return this.#intern({ key: `l${text},${at},${result}`, kind: "literal", text, at, result });
  }

  number(cursor: Cursor): Frame {
    return this.#intern({ key: `n${cursor}`, kind: "number", cursor });
  }

  text(cursor: Cursor, escape: EscapeState): Frame {
    if (escape === OUTSIDE) {
      return (this.#textFrames[cursor] ??= this.#intern({ key: `s${cursor}`, kind: "text", cursor, escape }));
    }
    return this.#intern({ key: `s${cursor}${escape}`, kind: "text", cursor, escape });
  }

  content(content: ContentFrame): Frame {
    const { machine, frame, escape, root } = content;
    let number = this.#machineNumbers.get(machine);
    if (number === undefined) this.#machineNumbers.set(machine, (number = this.#machineNumbers.size));
    return this.#intern({
      key: `c${number},${frame},${root},${escape}`,
      kind: "content",
      machine,
      frame,
      escape,
      root,
    });
  }

  whitespace(language: Term): Frame {
    return this.#intern({ key: `w${language}`, kind: "whitespace", language });
  }

  object(kind: "object-open" | "object-comma" | "object-after", state: ObjectState, spaced: boolean): Frame {
    return this.#intern({ key: `${kind}${state.id},${spaced}`, kind, state, spaced });
  }

  array(kind: "array-open" | "array-comma" | "array-after", state: ArrayState, spaced: boolean): Frame {
    return this.#intern({ key: `${kind}${state.id},${spaced}`, kind, state, spaced });
  }

  member(kind: "key-end" | "colon", state: ObjectState, member: Member, spaced: boolean): Frame {
    return this.#intern({ key: `${kind}${state.id},${member.id},${spaced}`, kind, state, member, spaced });
  }

  spaced(content: JsonFrame): Frame {
    switch (content.kind) {
      case "object-open":
      case "object-comma":
      case "object-after":
        return this.object(content.kind, content.state, true);
      case "array-open":
      case "array-comma":
      case "array-after":
        return this.array(content.kind, content.state, true);
      case "key-end":
      case "colon":
        return this.member(content.kind, content.state, content.member, true);
      case "unknown-key-end":
        return this.#intern({
          key: `uk${content.state.id},1`,
          kind: "unknown-key-end",
          state: content.state,
          spaced: true,
        });
      default:
        throw new Error(`Broken invariant: a ${content.kind} frame waits for whitespace.`);
    }
  }
}
