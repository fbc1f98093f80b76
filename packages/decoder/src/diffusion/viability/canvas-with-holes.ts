import { InvalidInputError, UnsatisfiableError, WorkBudget, type Constraint, type TokenId } from "@espalier/grammar";
import type { TokenGraph } from "../trellis/token-graph.ts";
import { tokenGraphOf } from "../trellis/token-graph-of.ts";
import { slotsOf, type CanvasPart, type CanvasSlot, type HolePart } from "./canvas-part.ts";
import type { FillHolesOptions } from "./fill-holes.ts";
import { searchSlots } from "./search-slots.ts";

/**
 * A canvas whose holes may have any length, kept viable while tokens are committed into them; see `fillHoles`.
 *
 * It always knows a text that fits (the witness). A commit that agrees with it takes no search; another one is searched for, and
 * refused when nothing fits. What the automaton has shown in one search serves the next.
 *
 * @example
 * const canvas = new CanvasWithHoles(constraint, [{ hole: {} }, { tokens: [comma] }, { hole: { maxTokens: 5 } }]);
 * canvas.commit(0, [open]); // the first hole begins with this token; parts: open, hole, comma, hole
 */
export class CanvasWithHoles {
  readonly #graph: TokenGraph;
  readonly #vocabularySize: number;
  readonly #options: FillHolesOptions;
  #parts: readonly CanvasPart[];
  #witness: readonly TokenId[];
  #steps = 0;

  /**
   * @param options `maxWork` is what each search may take
   * @throws UnsatisfiableError when no text fits
   * @throws InvalidInputError, LimitExceededError, AbortedError as `fillHoles`
   */
  constructor(constraint: Constraint, parts: readonly CanvasPart[], options: FillHolesOptions = {}) {
    this.#graph = tokenGraphOf(constraint, { eosTokens: [], paddingTokens: [] });
    this.#vocabularySize = constraint.vocabulary.size;
    this.#options = options;
    this.#parts = [...parts];
    const found = this.#search(this.#slots(parts));
    if (found === undefined) {
      throw new UnsatisfiableError({
        message: `No valid text has the decided tokens of the canvas's ${parts.length} parts in this order, with holes of these lengths.`,
        place: "parts",
      });
    }
    this.#witness = found;
  }

  get parts(): readonly CanvasPart[] {
    return this.#parts;
  }

  /** The tokens of a valid text that fits. */
  get witness(): readonly TokenId[] {
    return this.#witness;
  }

  /** Steps taken by all searches so far. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * Commits tokens into a hole, which leaves a hole before and one behind them (left out where they can only be empty), unless nothing
   * would fit: returns whether it did.
   *
   * @param index of the hole among {@link parts}
   * @param before what may stay open before the tokens; of an exact length, unless the hole is open-ended. @defaultValue nothing
   * @throws InvalidInputError when there is no such hole, or what is before it is not that
   * @throws LimitExceededError when the search can tell neither way; nothing is committed then
   */
  commit(index: number, tokens: readonly TokenId[], before: HolePart["hole"] = { maxTokens: 0 }): boolean {
    const hole = this.#holeAt(index);
    const { minTokens: minBefore = 0, maxTokens: maxBefore = Infinity } = before;
    if (minBefore !== maxBefore && hole.maxTokens !== Infinity) {
      throw new InvalidInputError({
        message: `The hole in parts[${index}] has at most ${hole.maxTokens} tokens, so what stays open before a commit must have an exact length, not ${minBefore} to ${maxBefore}.`,
        place: "before",
      });
    }
    const taken = minBefore + tokens.length;
    if (taken > hole.maxTokens) return false;
    const after = { minTokens: Math.max(0, hole.minTokens - taken), maxTokens: hole.maxTokens - taken };
    const parts = [
      ...this.#parts.slice(0, index),
      ...(before.maxTokens === 0 ? [] : [{ hole: before }]),
      { tokens: [...tokens] },
      ...(after.maxTokens === 0 ? [] : [{ hole: after }]),
      ...this.#parts.slice(index + 1),
    ];
    const slots = this.#slots(parts);
    if (!fits(this.#witness, slots)) {
      const found = this.#search(slots);
      if (found === undefined) return false;
      this.#witness = found;
    }
    this.#parts = parts;
    return true;
  }

  #holeAt(index: number): { readonly minTokens: number; readonly maxTokens: number } {
    const part: CanvasPart | undefined = this.#parts[index];
    if (part !== undefined && "hole" in part) {
      const { minTokens = 0, maxTokens = Infinity } = part.hole;
      return { minTokens, maxTokens };
    }
    throw new InvalidInputError({
      message: `There is no hole at parts[${index}] of the canvas's ${this.#parts.length} parts.`,
      place: `parts[${index}]`,
    });
  }

  #slots(parts: readonly CanvasPart[]): CanvasSlot[] {
    return slotsOf(parts, this.#vocabularySize);
  }

  #search(slots: readonly CanvasSlot[]): TokenId[] | undefined {
    const { maxWork = 2_000_000, signal } = this.#options;
    const budget = new WorkBudget({ name: "maxWork", limit: maxWork, signal });
    this.#graph.trim();
    try {
      return searchSlots(this.#graph, slots, { budget, signal });
    } finally {
      this.#steps += budget.spent;
    }
  }
}

/** Whether tokens are what the slots ask for, whichever of them fill which hole. O(tokens × slots). */
function fits(tokens: readonly TokenId[], slots: readonly CanvasSlot[]): boolean {
  let places = new Uint8Array(tokens.length + 1);
  places[0] = 1;
  for (const { token, minTokens, maxTokens } of slots) {
    const next = new Uint8Array(tokens.length + 1);
    if (token !== undefined) {
      for (let at = 0; at < tokens.length; at++) if (places[at] === 1 && tokens[at] === token) next[at + 1] = 1;
    } else {
      // The beginnings within reach of `at`: places from `at - maxTokens` to `at - minTokens`.
      let reaching = 0;
      for (let at = minTokens; at <= tokens.length; at++) {
        reaching += places[at - minTokens];
        const tooFar = at - maxTokens - 1;
        if (tooFar >= 0) reaching -= places[tooFar];
        if (reaching > 0) next[at] = 1;
      }
    }
    places = next;
  }
  return places[tokens.length] === 1;
}
