import { EMPTY, type FrameText, type Term, type TermArena } from "@espalier/grammar";
import type { ContentFrames } from "../content/content-frames.ts";
import type { ValueId } from "../formula/formula.ts";
import type { Satisfiability } from "../formula/satisfiability.ts";
import type { ArrayStates } from "./array-states.ts";
import type { JsonFrame } from "./json-frame.ts";
import type { ObjectState } from "./object-state.ts";
import type { ObjectStates } from "./object-states.ts";
import { shortestUnused } from "./shortest-unused.ts";
import type { Slot } from "./slot.ts";
import type { StringSteps } from "./string-steps.ts";
import type { TextCursors } from "./text-cursors.ts";
import type { TriedTexts } from "./tried-texts.ts";

export interface CompletionParts {
  readonly arena: TermArena;
  readonly satisfiability: Satisfiability;
  readonly objects: ObjectStates;
  readonly arrays: ArrayStates;
  readonly cursors: TextCursors;
  readonly strings: StringSteps;
  readonly contents: ContentFrames;
  readonly whitespace: Term;
  readonly tried: TriedTexts;
}

type ArrayFrame = Extract<JsonFrame, { readonly kind: "array-open" | "array-comma" | "array-after" }>;

/** Sets of items whose texts are remembered. */
const KEPT_SETS = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The beginning of a short ending for every frame: as much as can be said without looking at the frames below or to come.
 * Objects and arrays are completed a member or item at a time, so that each is chosen in the state it is written in.
 */
export class JsonCompletions {
  readonly #parts: CompletionParts;
  /** By set and text of an item, whether the machine takes it. */
  readonly #spelled = new Map<ValueId, Map<string, boolean>>();

  constructor(parts: CompletionParts) {
    this.#parts = parts;
  }

  of(content: JsonFrame): Uint8Array {
    if (content.kind === "content") {
      const rest = this.#parts.contents.completion(content);
      return typeof rest === "string" ? encoder.encode(rest) : rest;
    }
    if (content.kind === "text") return this.#parts.strings.complete(content.cursor, content.escape);
    return encoder.encode(this.#text(content));
  }

  /** The whole rest of an array of different items, none of which has to be written to know what the next can be. */
  ending({ kind, state }: ArrayFrame): FrameText | undefined {
    if (!this.#parts.arena.isNullable(this.#parts.whitespace)) return undefined;
    const rest = this.#parts.arrays.plainRest(state);
    if (rest === undefined) return undefined;
    const { texts, sets, result } = rest;
    if (!texts.every((text, i) => this.#isSpelled(sets[i], text))) return undefined;
    return { result, text: encoder.encode(`${kind === "array-after" ? "," : ""}${texts.join()}]`) };
  }

  #isSpelled(set: ValueId, text: string): boolean {
    let spelled = this.#spelled.get(set);
    if (spelled === undefined) {
      if (this.#spelled.size >= KEPT_SETS) this.#spelled.clear();
      this.#spelled.set(set, (spelled = new Map<string, boolean>()));
    }
    let isSpelled = spelled.get(text);
    if (isSpelled === undefined) spelled.set(text, (isSpelled = this.#parts.tried.isIn(set, text)));
    return isSpelled;
  }

  #text(content: JsonFrame): string {
    const space = "spaced" in content && !content.spaced ? this.#leastSpace() : "";
    switch (content.kind) {
      case "value":
        return this.#beginValue(content.slot);
      case "before-value":
        return `${this.#leastSpace()}${this.#beginValue(content.slot)}`;
      case "literal":
        return content.text.slice(content.at);
      case "number":
        return decoder.decode(this.#parts.cursors.shortest(content.cursor));
      case "whitespace":
        return decoder.decode(this.#parts.arena.shortest(content.language));
      case "object-open":
        return `${space}${this.#nextKey(content.state) ?? "}"}`;
      case "object-comma":
        return `${space}${this.#nextKey(content.state) ?? this.#shortestKey(content.state)}`;
      case "object-after":
        return `${space}${this.#nextKey(content.state) === undefined ? "}" : ","}`;
      case "key-end":
        return `${space}:`;
      case "colon":
        return `${space}${this.#plannedValue(content)}`;
      case "array-open":
      case "array-comma":
      case "array-after": {
        const plan = this.#parts.arrays.plan(content.state);
        return plan === undefined ? "" : space + this.#afterItems(content, plan);
      }
      default:
        return "";
    }
  }

  /** A text for the value of a member: the one that the plan for the object had in mind, if it did. */
  #plannedValue({ state, member }: Extract<JsonFrame, { kind: "colon" }>): string {
    const key = member.word ?? member.other;
    const planned = this.#parts.objects.plan(state).find((candidate) => candidate.key === key);
    const text = planned === undefined ? undefined : this.#parts.satisfiability.shortest(planned.value);
    return text !== undefined && this.#parts.tried.isOf(member.slot, text) ? text : this.#beginValue(member.slot);
  }

  /** @param plan texts of items that complete the array */
  #afterItems({ kind, state }: ArrayFrame, plan: readonly string[]): string {
    if (plan.length === 0 && kind !== "array-comma") return "]";
    if (kind === "array-after") return ",";
    const { slot } = this.#parts.arrays.item(state)!;
    const [text] = plan;
    return text !== undefined && this.#parts.tried.isOf(slot, text) ? text : this.#beginValue(slot);
  }

  /** A shortest scalar, or the bracket that begins a shortest array or object: what follows is up to the frame it leads to. */
  #beginValue(slot: Slot): string {
    let best: string | undefined;
    for (const label of slot.goal) {
      const text = this.#parts.satisfiability.shortest(slot.values[label]);
      if (text !== undefined && (best === undefined || text.length < best.length)) best = text;
    }
    return best!.startsWith("{") || best!.startsWith("[") ? best![0] : best!;
  }

  /** The first key of a plan for the rest of the object; undefined when it may end. */
  #nextKey(state: ObjectState): string | undefined {
    const member = this.#parts.objects.firstPlanned(state);
    return member === undefined ? undefined : JSON.stringify(member.key);
  }

  /** After a comma a member must follow, even where the object could have ended. */
  #shortestKey(state: ObjectState): string {
    const { words, other, used } = this.#parts.objects.choices(state);
    let best: string | undefined;
    let bestLength = Infinity;
    const offer = (key: string, slot: Slot): void => {
      const length = key.length + this.#beginValue(slot).length;
      if (length >= bestLength) return;
      best = key;
      bestLength = length;
    };
    for (const word of words) offer(word, this.#parts.objects.member(state, { word })!.slot);
    if (other !== EMPTY) {
      const taken = used.map((text) => encoder.encode(text));
      const key = decoder.decode(shortestUnused(this.#parts.arena, other, taken));
      offer(key, this.#parts.objects.member(state, { other: key })!.slot);
    }
    return JSON.stringify(best);
  }

  /** The least text of whitespace: empty, unless the option demands some. */
  #leastSpace(): string {
    return decoder.decode(this.#parts.arena.shortest(this.#parts.whitespace));
  }
}
