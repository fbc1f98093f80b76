import {
  compileGrammar,
  completionOf,
  DEAD,
  EMPTY,
  LimitExceededError,
  UnsupportedError,
  type Grammar,
  type PushdownAutomaton,
  type Term,
  type TermArena,
} from "@espalier/grammar";
import { NOTHING, type ValueId } from "../formula/formula.ts";

/** An interned set of strings that need not be regular. 0 is {@link NO_CONTENT}. */
export type ContentId = number;

export const NO_CONTENT: ContentId = 0;

/** Strings: those of a regular language, and those of a content. */
export interface StringPart {
  readonly string: Term;
  readonly content: ContentId;
}

/** What a content is; `place` is the JSON Pointer of the schema that asked for it first. */
export type Content = { readonly place: string } & (
  | { readonly kind: "automaton"; readonly automaton: PushdownAutomaton }
  /** JSON text of one of the values. */
  | { readonly kind: "json"; readonly value: ValueId }
  /** A set that cannot be enforced: whoever needs it throws. */
  | { readonly kind: "refused"; readonly why: string }
);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Sets of strings beside the regular ones: texts of a grammar, or JSON in a string. They are closed under union and intersection
 * only with everything, nothing and themselves. What lies beyond is kept as _refused_, and an error only where its members matter:
 * a set without strings intersected with a refused one is plainly empty.
 */
export class ContentTable {
  readonly #arena: TermArena;
  readonly #and: (a: ValueId, b: ValueId) => ValueId;
  readonly #contents: Content[] = [{ kind: "json", value: NOTHING, place: "" }];
  readonly #ids = new Map<string, ContentId>();
  readonly #automata = new Map<Grammar, PushdownAutomaton>();
  readonly #automatonNumbers = new Map<PushdownAutomaton, number>();

  /** @param and the intersection of sets of values */
  constructor(arena: TermArena, and: (a: ValueId, b: ValueId) => ValueId) {
    this.#arena = arena;
    this.#and = and;
  }

  /** @throws as `compileGrammar` does */
  ofGrammar(grammar: Grammar, place: string): ContentId {
    let automaton = this.#automata.get(grammar);
    if (automaton === undefined) this.#automata.set(grammar, (automaton = compileGrammar(grammar)));
    return this.ofAutomaton(automaton, place);
  }

  ofAutomaton(automaton: PushdownAutomaton, place: string): ContentId {
    if (automaton.start === DEAD) return NO_CONTENT;
    let number = this.#automatonNumbers.get(automaton);
    if (number === undefined) this.#automatonNumbers.set(automaton, (number = this.#automatonNumbers.size));
    return this.#intern(`automaton ${number}`, { kind: "automaton", automaton, place });
  }

  ofJson(value: ValueId, place: string): ContentId {
    return value === NOTHING ? NO_CONTENT : this.#intern(`json ${value}`, { kind: "json", value, place });
  }

  at(id: ContentId): Content {
    return this.#contents[id];
  }

  /** The error for a set that cannot be enforced. */
  refusal(id: ContentId, why?: string): UnsupportedError {
    const content = this.#contents[id];
    const reason = content.kind === "refused" ? content.why : (why ?? "its members are asked for by themselves");
    return new UnsupportedError({
      message: `The content of the string at ${content.place} cannot be enforced here: ${reason}.`,
      place: content.place,
      hint: "Contents that are no regular expression stand alone: without pattern, format, length, const or enum beside them, and not under not.",
    });
  }

  and(a: StringPart, b: StringPart): ContentId {
    if (a.content === NO_CONTENT && b.content === NO_CONTENT) return NO_CONTENT;
    return this.#union(
      this.#overlap(a.content, b.string),
      this.#union(this.#overlap(b.content, a.string), this.#both(a.content, b.content)),
    );
  }

  /** @param string the union of the regular parts */
  or(a: ContentId, b: ContentId, string: Term): ContentId {
    return string === this.#arena.anyText ? NO_CONTENT : this.#union(a, b);
  }

  /** The strings outside of `part` that its regular part leaves open: refused, where there are any. */
  not(part: StringPart): ContentId {
    if (part.content === NO_CONTENT || part.string === this.#arena.anyText) return NO_CONTENT;
    return this.#refused(part.content, "what is not in it would have to be told apart");
  }

  /** The strings in exactly one of several sets, apart from those that are so by the regular parts. */
  exactlyOne(parts: readonly StringPart[]): ContentId {
    const [first, ...others] = parts.filter((part) => part.content !== NO_CONTENT);
    if (first === undefined) return NO_CONTENT;
    const alone = others.length === 0 && parts.every((part) => part === first || part.string === EMPTY);
    return alone ? first.content : this.#refused(first.content, "another branch of oneOf has strings as well");
  }

  /** A short text of a content that is no JSON; undefined where there is none. */
  shortest(automaton: PushdownAutomaton): string {
    return decoder.decode(completionOf(automaton, automaton.start));
  }

  /** Whether a text is in a content that is no JSON. */
  accepts(automaton: PushdownAutomaton, text: string): boolean {
    this.#arena.spend(text.length);
    let state = automaton.start;
    for (const byte of encoder.encode(text)) state = automaton.next(state, byte);
    return automaton.isAccepting(state);
  }

  #overlap(content: ContentId, string: Term): ContentId {
    if (content === NO_CONTENT || string === EMPTY) return NO_CONTENT;
    if (string === this.#arena.anyText || this.#arena.includes(string, this.#arena.anyText)) return content;
    return this.#refused(content, "it meets other conditions on the same string");
  }

  #both(a: ContentId, b: ContentId): ContentId {
    if (a === NO_CONTENT || b === NO_CONTENT) return NO_CONTENT;
    if (a === b) return a;
    const left = this.#contents[a];
    const right = this.#contents[b];
    if (left.kind === "json" && right.kind === "json")
      return this.ofJson(this.#and(left.value, right.value), left.place);
    return this.#refused(a, "the same string has another content as well");
  }

  #union(a: ContentId, b: ContentId): ContentId {
    if (a === b || b === NO_CONTENT) return a;
    if (a === NO_CONTENT) return b;
    return this.#refused(a, "it is one of several contents of the same string");
  }

  #refused(id: ContentId, why: string): ContentId {
    const { kind, place } = this.#contents[id];
    return kind === "refused" ? id : this.#intern(`refused ${place} ${why}`, { kind: "refused", why, place });
  }

  #intern(key: string, content: Content): ContentId {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#contents.length;
      if (id > MAX_CONTENTS) {
        throw new LimitExceededError({
          message: `The schemas of one process have more than ${MAX_CONTENTS} contents of strings.`,
          limit: "maxContents",
          allowed: MAX_CONTENTS,
          place: content.place,
        });
      }
      this.#contents.push(content);
      this.#ids.set(key, id);
    }
    return id;
  }
}

const MAX_CONTENTS = 100_000;
