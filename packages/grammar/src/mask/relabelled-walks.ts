import {
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  popResult,
  type Frame,
  type FrameMachine,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { MaskStats } from "./mask-stats.ts";
import { newWalk, type ApplyAction, type DifferenceWalk, type Exit } from "./subtree-walks.ts";

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
    const { nodeByte, nodeEnd } = this.#trie;
    this.#stats.frameWalks++;
    const removed: number[] = [];
    const own = newWalk();
    // The nodes on the way to an exit, and the frames before them.
    const path: number[] = [];
    const frames: Frame[] = [frame];
    for (const { node: end, result } of exits) {
      while (path.length > 0 && (path.at(-1)! > end || nodeEnd[path.at(-1)!] <= end)) {
        path.pop();
        frames.pop();
      }
      let parent = path.at(-1) ?? node;
      let child = this.#childTowards(parent, end);
      for (; child !== end; child = this.#childTowards(parent, end)) {
        const action = this.#machine.step(frames.at(-1)!, nodeByte[child]);
        if ((action & ACTION_KIND_MASK) !== ACTION_GOTO) {
          throw new Error("Broken invariant: a frame goes on otherwise than the one that it is taken for.");
        }
        path.push(child);
        frames.push(action >>> ACTION_KIND_BITS);
        parent = child;
      }
      const action = this.#machine.step(frames.at(-1)!, nodeByte[end]);
      if (action === popResult(result)) continue;
      removed.push(end);
      this.#apply(action, parent, end, own);
    }
    return { base, removed: removed.sort((a, b) => a - b), own };
  }

  /** The child of `parent` that `node` is, or is below. */
  #childTowards(parent: number, node: number): number {
    const { nodeEnd } = this.#trie;
    this.#stats.nodesWalked++;
    let child = parent + 1;
    while (nodeEnd[child] <= node) child = nodeEnd[child];
    return child;
  }
}
