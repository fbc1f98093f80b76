import type { State } from "../automaton/automaton.ts";
import type { Frame } from "../automaton/frame-machine.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";

/** The places of an automaton on the way down a trie, by depth. They are passed once, so no state is interned for them. */
export class PlacePath {
  readonly #frames: Frame[] = [];
  readonly #stacks: number[] = [];
  readonly #captures: number[] = [];

  /** Begins at depth 0. */
  begin(automaton: PushdownAutomaton, state: State): void {
    this.#frames[0] = automaton.frameOf(state);
    this.#stacks[0] = automaton.stackOf(state);
    this.#captures[0] = automaton.captureOf(state);
  }

  /** Goes from the place above to one at `depth`, from 1; false where no text goes on so. */
  advance(automaton: PushdownAutomaton, depth: number, byte: number): boolean {
    const above = depth - 1;
    if (!automaton.advance(this.#frames[above], this.#stacks[above], this.#captures[above], byte)) return false;
    const { place } = automaton;
    this.#frames[depth] = place.frame;
    this.#stacks[depth] = place.stack;
    this.#captures[depth] = place.capture;
    return true;
  }
}
