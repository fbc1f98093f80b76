import {
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  type Frame,
  type FrameMachine,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { MaskStats } from "./mask-stats.ts";

/**
 * Follows a frame from a node of a trie to some nodes below. O(nodes on the ways there).
 * @param ends ways that ascending ones share are followed once
 * @param visit is called for each with its parent and the frame there, before the byte into `end`: 0 where the frame does not stay on top
 */
export function followPaths(
  machine: FrameMachine,
  trie: TokenTrie,
  stats: MaskStats,
  frame: Frame,
  node: number,
  ends: Iterable<number>,
  visit: (before: Frame, parent: number, end: number) => void,
): void {
  const { nodeByte, nodeEnd } = trie;
  // The nodes on the way, and the frames at them.
  const path: number[] = [node];
  const frames: Frame[] = [frame];
  const childTowards = (parent: number, end: number): number => {
    stats.nodesWalked++;
    let child = parent + 1;
    while (nodeEnd[child] <= end) child = nodeEnd[child];
    return child;
  };
  for (const end of ends) {
    while (path.length > 1 && (path.at(-1)! > end || nodeEnd[path.at(-1)!] <= end)) {
      path.pop();
      frames.pop();
    }
    let parent = path.at(-1)!;
    for (let child = childTowards(parent, end); child !== end; child = childTowards(parent, end)) {
      const before = frames.at(-1)!;
      const action = before === 0 ? 0 : machine.step(before, nodeByte[child]);
      path.push(child);
      frames.push((action & ACTION_KIND_MASK) === ACTION_GOTO ? action >>> ACTION_KIND_BITS : 0);
      parent = child;
    }
    visit(frames.at(-1)!, parent, end);
  }
}
