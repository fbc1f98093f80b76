import { ACTION_DEAD, EMPTY, gotoFrame, type Action, type Frame, type FrameMachine } from "@espalier/grammar";
import { NO_CONTENT, type ContentId } from "../content/content-table.ts";
import { LITERAL_FALSE, LITERAL_NULL, LITERAL_TRUE, type ValueFormula, type ValueId } from "../formula/formula.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";
import type { ArrayStates } from "./array-states.ts";
import { OUTSIDE } from "./escapes.ts";
import type { JsonFrames } from "./json-frames.ts";
import type { LabelSets } from "./label-sets.ts";
import type { ObjectStates } from "./object-states.ts";
import type { Slot } from "./slot.ts";
import type { Cursor, TextCursors } from "./text-cursors.ts";

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

interface ValueStartsParts {
  readonly values: ValueAlgebra;
  readonly cursors: TextCursors;
  readonly objects: ObjectStates;
  readonly arrays: ArrayStates;
  readonly labelSets: LabelSets;
  readonly frames: JsonFrames;
  /** The machine itself, for JSON text inside of strings. */
  readonly machine: FrameMachine & { frameOfValue(value: ValueId): Frame };
}

/** The first byte of a value tells its type, and with it which part of each formula goes on. */
export class ValueStarts {
  readonly #values: ValueAlgebra;
  readonly #cursors: TextCursors;
  readonly #objects: ObjectStates;
  readonly #arrays: ArrayStates;
  readonly #labelSets: LabelSets;
  readonly #frames: JsonFrames;
  readonly #machine: ValueStartsParts["machine"];

  constructor(parts: ValueStartsParts) {
    this.#values = parts.values;
    this.#cursors = parts.cursors;
    this.#objects = parts.objects;
    this.#arrays = parts.arrays;
    this.#labelSets = parts.labelSets;
    this.#frames = parts.frames;
    this.#machine = parts.machine;
  }

  step(slot: Slot, byte: number): Action {
    const { values, goal } = slot;
    const labels = values.map((_, label) => label);
    const parts = values.map((value) => this.#values.expand(value));
    switch (byte) {
      case QUOTE: {
        if (parts.some((part) => part.content !== NO_CONTENT)) return this.#startContent(labels, parts, goal);
        const cursor = this.text(slot);
        return cursor === 0 ? ACTION_DEAD : gotoFrame(this.#frames.text(cursor, OUTSIDE));
      }
      case OPEN_BRACE: {
        const state = this.#objects.open(
          labels,
          parts.map((part) => part.object),
          goal,
        );
        return state === undefined ? ACTION_DEAD : gotoFrame(this.#frames.object("object-open", state, false));
      }
      case OPEN_BRACKET: {
        const state = this.#arrays.open(
          labels,
          parts.map((part) => part.array),
          goal,
        );
        return state === undefined ? ACTION_DEAD : gotoFrame(this.#frames.array("array-open", state, false));
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
        return next === 0 ? ACTION_DEAD : gotoFrame(this.#frames.number(next));
      }
    }
  }

  /** The position after the quote of a string; 0 where none is possible, or another machine reads its text. */
  text({ values, goal }: Slot): Cursor {
    const parts = values.map((value) => this.#values.expand(value));
    if (parts.some((part) => part.content !== NO_CONTENT)) return 0;
    return this.#cursors.ofTerms(
      values.map((_, label) => label),
      parts.map((part) => part.string),
      goal,
    );
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
    return gotoFrame(this.#frames.content({ machine, frame, escape: OUTSIDE, root: this.#labelSets.intern(holding) }));
  }

  #contentStart(id: ContentId): { readonly machine: FrameMachine; readonly frame: Frame } {
    const { contents } = this.#values;
    const content = contents.at(id);
    switch (content.kind) {
      case "refused":
        throw contents.refusal(id);
      case "json":
        return { machine: this.#machine, frame: this.#machine.frameOfValue(content.value) };
      case "automaton":
        return { machine: content.automaton.machine, frame: content.automaton.startFrame };
    }
  }

  #startLiteral(text: string, bit: number, slot: Slot): Action {
    const holding = slot.values.flatMap((value, label) => (this.#values.expand(value).literals & bit ? [label] : []));
    if (!holding.some((label) => slot.goal.includes(label))) return ACTION_DEAD;
    return gotoFrame(this.#frames.literal(text, 1, this.#labelSets.intern(holding)));
  }
}
