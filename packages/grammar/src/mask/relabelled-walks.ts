import { popResult, type Frame, type FrameMachine } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { MaskStats } from "./mask-stats.ts";
import { newWalk, type ApplyAction, type DifferenceWalk, type Exit } from "./subtree-walks.ts";
import { followPaths } from "./trie-paths.ts";

/**
 * What the tokens can do from frames that take what another frame takes and end where it ends, with results of their own
 * (`FrameMachine.relabelled`): only the ways to those ends are followed.
 */
export class RelabelledWalks {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #stats: MaskStats;
  readonly #apply: ApplyAction;

  constructor(machine: FrameMachine, trie: TokenTrie, stats: MaskStats, apply: ApplyAction) {
    this.#machine = machine;
    this.#trie = trie;
    this.#stats = stats;
    this.#apply = apply;
  }

  /**
   * The tokens strictly below `node`, as the difference to those of the base. O(nodes on the way to exits).
   * @param exits those of the base
   */
  difference(frame: Frame, base: Frame, node: number, exits: readonly Exit[]): DifferenceWalk {
    this.#stats.frameWalks++;
    const removed: number[] = [];
    const own = newWalk();
    const results = new Map(exits.map(({ node: end, result }) => [end, result]));
    followPaths(this.#machine, this.#trie, this.#stats, frame, node, results.keys(), (before, parent, end) => {
      if (before === 0)
        throw new Error("Broken invariant: a frame goes on otherwise than the one that it is taken for.");
      const action = this.#machine.step(before, this.#trie.nodeByte[end]);
      if (action === popResult(results.get(end)!)) return;
      removed.push(end);
      this.#apply(action, parent, end, own);
    });
    return { base, removed: removed.sort((a, b) => a - b), own };
  }
}
