import type { Result, Term } from "@espalier/grammar";
import type { ContentFrame } from "../content/content-frames.ts";
import type { ArrayState, Item } from "./array-states.ts";
import type { EscapeState } from "./escapes.ts";
import type { Member, ObjectState } from "./object-state.ts";
import type { Slot } from "./slot.ts";
import type { Cursor } from "./text-cursors.ts";

/**
 * What is on top of the stack while JSON text is read. `spaced` means that whitespace was read here and no more may follow;
 * that is told only where some must be read, and where the whitespace cannot say so itself (`FrameMachine.early`).
 *
 * A frame below another waits for it: `key-pending` for the key's text, `member-pending` and `item-pending` for a value, any frame
 * with `spaced` and `value` for whitespace.
 */
export type JsonFrame =
  /** Before the first byte of a value. */
  | { readonly kind: "value"; readonly slot: Slot }
  /** Before a value, or whitespace and a value: after the colon, where it makes no difference to the object which value it is. */
  | { readonly kind: "before-value"; readonly slot: Slot }
  /** Inside null, true or false: `text[at]` comes next. */
  | { readonly kind: "literal"; readonly text: string; readonly at: number; readonly result: Result }
  | { readonly kind: "number"; readonly cursor: Cursor }
  /** Inside the quotes of a string or key. */
  | { readonly kind: "text"; readonly cursor: Cursor; readonly escape: EscapeState }
  /** Inside the quotes of a string whose text another machine reads. */
  | ({ readonly kind: "content" } & ContentFrame)
  /**
   * Inside the quotes of a key or string that some are left for, though it is not known which. At the cursor, those that are not left are not
   * taken out; 0 where nothing is known of the text.
   */
  | { readonly kind: "unknown-text"; readonly cursor: Cursor }
  /** After the `{` of an object with members that some are left for, though it is not known which. */
  | { readonly kind: "unknown-object" }
  | { readonly kind: "whitespace"; readonly language: Term }
  /** After `{`. */
  | { readonly kind: "object-open"; readonly state: ObjectState; readonly spaced: boolean }
  /** After the comma between members. */
  | { readonly kind: "object-comma"; readonly state: ObjectState; readonly spaced: boolean }
  /** Below a key that is being read. */
  | { readonly kind: "key-pending"; readonly state: ObjectState }
  /** After a key. */
  | { readonly kind: "key-end"; readonly state: ObjectState; readonly member: Member; readonly spaced: boolean }
  /** After a key that is not known, where it decides what may follow the colon. */
  | { readonly kind: "unknown-key-end"; readonly state: ObjectState; readonly spaced: boolean }
  /** After the colon, where what follows depends on the value. */
  | { readonly kind: "colon"; readonly state: ObjectState; readonly member: Member; readonly spaced: boolean }
  /** Below the value of a member. */
  | { readonly kind: "member-pending"; readonly state: ObjectState; readonly member: Member }
  /** After a member. */
  | { readonly kind: "object-after"; readonly state: ObjectState; readonly spaced: boolean }
  /** After `[`. */
  | { readonly kind: "array-open"; readonly state: ArrayState; readonly spaced: boolean }
  /** After the comma between items. */
  | { readonly kind: "array-comma"; readonly state: ArrayState; readonly spaced: boolean }
  /** Below an item whose first byte was `first`. */
  | { readonly kind: "item-pending"; readonly state: ArrayState; readonly item: Item; readonly first: number }
  /** After an item. */
  | { readonly kind: "array-after"; readonly state: ArrayState; readonly spaced: boolean };

/** Between the tokens of JSON text. */
export type StructureFrame = Extract<JsonFrame, { spaced: boolean }>;
