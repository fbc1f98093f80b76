import { DEAD, LimitExceededError, UnsatisfiableError, WorkBudget, type State, type TokenId } from "@espalier/grammar";
import { OPEN } from "../canvas/canvas-tokens.ts";
import type { TokenGraph } from "../trellis/token-graph.ts";
import { ForwardLayers } from "./forward-layers.ts";
import { alongKnownWay } from "./along-known-way.ts";
import { searchSlots } from "./search-slots.ts";
import { shortestEnd } from "./shortest-end.ts";

export interface ViableCanvasOptions {
  /** States that a layer may have before the search goes on in depth. @defaultValue 1024 */
  readonly maxStates?: number | undefined;
  /** Steps that making layers, and the search for the first witness, may take. @defaultValue 2,000,000 */
  readonly maxWork?: number | undefined;
  /** Steps that the search for one commit may take where layers are too large; with more, it is refused. @defaultValue 20,000 */
  readonly maxCommitWork?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A canvas of fixed length that can always be completed, with a witness that shows it. Tokens are committed one by one; one after
 * which nothing valid would be possible is refused (Mündler et al., "Constrained Decoding of Diffusion LLMs with Context-Free
 * Grammars", 2025).
 *
 * Where layers are small, what is worked out for a canvas is kept, and a commit works on from its position. A commit that agrees with
 * the witness takes no work at all.
 */
export class ViableCanvas {
  readonly #graph: TokenGraph;
  readonly #maxStates: number;
  readonly #maxWork: number;
  readonly #maxCommitWork: number;
  readonly #signal: AbortSignal | undefined;
  readonly #budgets: WorkBudget[] = [];
  #tokens: Int32Array;
  #witness: Int32Array;
  /** The layers of `#tokens`; `undefined` when they must be made anew, `null` when they are too large. */
  #layers: ForwardLayers | undefined | null;

  /**
   * @param tokens the canvas: committed tokens, and `OPEN`
   * @throws UnsatisfiableError when the committed tokens contradict the constraint or each other
   * @throws LimitExceededError (`canvasLength`) when the canvas is too short; `needed` is the least length that would do
   */
  constructor(graph: TokenGraph, tokens: Int32Array, options: ViableCanvasOptions = {}) {
    this.#graph = graph;
    this.#maxStates = options.maxStates ?? 1024;
    this.#maxWork = options.maxWork ?? 2_000_000;
    this.#maxCommitWork = options.maxCommitWork ?? 20_000;
    this.#signal = options.signal;
    this.#tokens = tokens.slice();
    const along = alongKnownWay(graph, tokens);
    if (along !== undefined) {
      this.#witness = along;
      return;
    }
    const budget = this.#budget(this.#maxWork);
    const layers = new ForwardLayers(graph, this.#maxStates);
    const reached = layers.update(tokens, 0, budget);
    if (reached === undefined) {
      this.#layers = null;
      const found = this.#shortestFilling() ?? this.#search(tokens, budget);
      if (found === undefined) this.#refuseBySearch(budget);
      this.#witness = found!;
      return;
    }
    if (reached < tokens.length) this.#refuseToken(reached);
    const last = layers.at(tokens.length).find((state) => graph.isFinal(state));
    if (last === undefined) this.#refuseLength(layers.at(tokens.length), budget);
    this.#layers = layers;
    this.#witness = layers.backtrack(tokens, last);
  }

  /** Committed tokens, and `OPEN`. Read only. */
  get tokens(): Int32Array {
    return this.#tokens;
  }

  /** A valid canvas with the committed tokens. Read only. */
  get witness(): Int32Array {
    return this.#witness;
  }

  /** Steps taken by all searches so far. */
  get steps(): number {
    return this.#budgets.reduce((sum, { spent }) => sum + spent, 0);
  }

  /** Takes a valid canvas with the same committed tokens for the witness: what it holds can then be committed at no cost. */
  adoptWitness(witness: Int32Array): void {
    this.#witness = witness.slice();
  }

  /**
   * Commits `token` at an open position, unless nothing valid would be possible after it: returns whether it did.
   * A search that exceeds its budget refuses as well.
   */
  commit(position: number, token: TokenId): boolean {
    const tokens = this.#tokens.slice();
    tokens[position] = token;
    if (this.#witness[position] !== token) {
      const witness = this.#witnessFor(tokens, position);
      if (witness === undefined) return false;
      this.#witness = witness;
    } else if (this.#layers !== null) {
      this.#layers = undefined;
    }
    this.#tokens = tokens;
    return true;
  }

  #witnessFor(tokens: Int32Array, position: number): Int32Array | undefined {
    const along = alongKnownWay(this.#graph, tokens);
    if (along !== undefined) {
      if (this.#layers !== null) this.#layers = undefined;
      return along;
    }
    try {
      if (this.#layers === null) return this.#search(tokens, this.#budget(this.#maxCommitWork));
      const budget = this.#budget(this.#maxWork);
      let layers = this.#layers?.fork();
      if (layers === undefined) {
        layers = new ForwardLayers(this.#graph, this.#maxStates);
        // The canvas before this commit: what it leads to is kept when the commit is refused.
        if (layers.update(this.#tokens, 0, budget) === undefined) {
          this.#layers = null;
          return this.#search(tokens, this.#budget(this.#maxCommitWork));
        }
        this.#layers = layers.fork();
      }
      const reached = layers.update(tokens, position, budget);
      if (reached === undefined) return this.#search(tokens, this.#budget(this.#maxCommitWork));
      if (reached < tokens.length) return undefined;
      const last = layers.at(tokens.length).find((state) => this.#graph.isFinal(state));
      if (last === undefined) return undefined;
      this.#layers = layers;
      return layers.backtrack(tokens, last);
    } catch (error) {
      if (error instanceof LimitExceededError) return undefined;
      throw error;
    }
  }

  /**
   * For a canvas of which nothing is fixed but its beginning, where layers are too large: a shortest text, which can be found, and shown
   * not to fit, however many longer ones there are. `undefined` where that is not known.
   * @throws LimitExceededError when it does not fit
   */
  #shortestFilling(): Int32Array | undefined {
    const tokens = this.#tokens;
    const open = tokens.indexOf(OPEN);
    if (open < 0 || tokens.subarray(open).some((token) => token !== OPEN)) return undefined;
    let state: State = this.#graph.start;
    for (const token of tokens.subarray(0, open)) if (state > DEAD) state = this.#graph.after(state, token);
    if (state <= DEAD) return undefined;
    const room = tokens.length - open;
    const way = this.#shortest(state, room);
    if (way === "unknown") return undefined;
    if (way === undefined) {
      const known = this.#graph.cost(state);
      const shorter = known - 1 > room ? this.#shortest(state, known - 1) : undefined;
      const least = shorter === undefined || shorter === "unknown" ? known : shorter.length;
      this.#refuseLengths(open + least, shorter !== "unknown");
    }
    const spare = room - way.length;
    const { eosTokens, paddingTokens } = this.#graph;
    const tail = Array.from({ length: spare }, (_, index) => (index === 0 ? eosTokens : paddingTokens)[0]);
    if (tail.includes(undefined!)) return undefined;
    const filled = tokens.slice();
    filled.set([...way, ...tail], open);
    return filled;
  }

  #shortest(state: State, maxTokens: number): readonly TokenId[] | undefined | "unknown" {
    try {
      return this.#graph.paths.shortest(state, maxTokens);
    } catch (error) {
      if (error instanceof LimitExceededError) return "unknown";
      throw error;
    }
  }

  #search(tokens: Int32Array, budget: WorkBudget): Int32Array | undefined {
    const slots = Array.from(tokens, (token) => ({
      token: token === OPEN ? undefined : token,
      minTokens: 1,
      maxTokens: 1,
    }));
    const found = searchSlots(this.#graph, slots, { budget, breadth: 0 });
    return found && Int32Array.from(found);
  }

  #budget(limit: number): WorkBudget {
    const budget = new WorkBudget({ name: "maxWork", limit, signal: this.#signal, place: "canvas" });
    this.#budgets.push(budget);
    return budget;
  }

  #refuseToken(position: number): never {
    const token = this.#tokens[position];
    const isText = token < this.#graph.vocabulary.size && !this.#graph.vocabulary.isSpecial(token);
    const shown = isText ? ` (${JSON.stringify(this.#graph.vocabulary.decode([token]))})` : "";
    throw new UnsatisfiableError({
      message: `The token ${token}${shown} at position ${position} of the canvas contradicts the constraint: no valid text has the tokens that are fixed up to there, at their positions.`,
      place: `canvas[${position}]`,
      hint: "Move or open the fixed tokens.",
    });
  }

  #refuseLength(last: Iterable<State>, budget: WorkBudget): never {
    const { tokens, isLeast } = shortestEnd(this.#graph, last, budget);
    const { length } = this.#tokens;
    this.#refuseLengths(length + tokens, isLeast);
  }

  #refuseLengths(needed: number, isLeast: boolean): never {
    const { length } = this.#tokens;
    throw new LimitExceededError({
      message: `The canvas of ${length} tokens is too short: ${isLeast ? "the shortest valid text" : "a valid text that is known"} with its fixed tokens has ${needed}.`,
      limit: "canvasLength",
      allowed: length,
      needed,
      place: "canvas",
      hint: `Give the canvas at least ${needed} positions.`,
    });
  }

  /** Says why, where layers are too large to tell: whether more room behind the canvas would do. */
  #refuseBySearch(budget: WorkBudget): never {
    const slots = Array.from(this.#tokens, (token) => ({
      token: token === OPEN ? undefined : token,
      minTokens: 1,
      maxTokens: 1,
    }));
    const longer = searchSlots(this.#graph, [...slots, { token: undefined, minTokens: 0, maxTokens: Infinity }], {
      budget,
    });
    if (longer !== undefined) this.#refuseLengths(longer.length, false);
    throw new UnsatisfiableError({
      message: `The tokens that are fixed on the canvas of ${slots.length} contradict the constraint: no valid text has them at their positions.`,
      place: "canvas",
      hint: "Move or open the fixed tokens.",
    });
  }
}
