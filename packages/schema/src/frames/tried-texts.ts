import { PushdownAutomaton, type CaptureSample, type Frame, type FrameMachine } from "@espalier/grammar";
import type { ValueId } from "../formula/formula.ts";
import type { ArrayStates } from "./array-states.ts";
import type { JsonFrame } from "./json-frame.ts";
import type { LabelSets } from "./label-sets.ts";
import type { ObjectStates } from "./object-states.ts";
import type { Slot, Slots } from "./slot.ts";
import { OTHER_KEY } from "./text-cursors.ts";

/** States of tried texts that are remembered. */
const MAX_STATES = 4_096;

const encoder = new TextEncoder();

export interface TriedTextsOptions {
  readonly machine: FrameMachine;
  readonly frameOf: (slot: Slot) => Frame;
  readonly slots: Slots;
  readonly labelSets: LabelSets;
  readonly objects: ObjectStates;
  readonly arrays: ArrayStates;
}

/** Texts of which the machine itself is asked whether it takes them: for members and items that depend on those before them. */
export class TriedTexts {
  readonly #options: TriedTextsOptions;
  #automaton: PushdownAutomaton | undefined;

  constructor(options: TriedTextsOptions) {
    this.#options = options;
  }

  /** Whether the machine takes `text` as a value of `slot`: members must be in the order that the machine wants. */
  isOf(slot: Slot, text: string): boolean {
    const { machine, frameOf } = this.#options;
    if (this.#automaton === undefined || this.#automaton.stateCount > MAX_STATES) {
      this.#automaton = new PushdownAutomaton(machine, 0);
    }
    const automaton = this.#automaton;
    let state = automaton.stateOf(frameOf(slot), 0, 0);
    for (const byte of encoder.encode(text)) state = automaton.next(state, byte);
    return automaton.isAccepting(state);
  }

  /** Whether the machine takes `text` as a value of `set`. */
  isIn(set: ValueId, text: string): boolean {
    return this.isOf(this.#options.slots.of([], [set]), text);
  }

  /** Texts of each kind that an object or array tells apart, which waits for a key or an item. */
  samples(content: Extract<JsonFrame, { kind: "key-pending" | "item-pending" }>): CaptureSample[] {
    return content.kind === "key-pending" ? this.#keys(content) : this.#items(content);
  }

  #keys({ state }: Extract<JsonFrame, { kind: "key-pending" }>): CaptureSample[] {
    return this.#options.objects.otherKeySamples(state).map((key) => ({
      result: OTHER_KEY,
      text: encoder.encode(JSON.stringify(key).slice(1)),
    }));
  }

  #items({ state, item, first }: Extract<JsonFrame, { kind: "item-pending" }>): CaptureSample[] {
    const { arrays, labelSets } = this.#options;
    return arrays.itemSamples(state, item).flatMap((text) => {
      if (text.charCodeAt(0) !== first || !this.isOf(item.slot, text)) return [];
      const holding = item.slot.values.flatMap((value, label) => (this.isIn(value, text) ? [label] : []));
      return [{ result: labelSets.intern(holding), text: encoder.encode(text).subarray(1) }];
    });
  }
}
