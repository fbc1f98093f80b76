import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_PUSH,
  ACTION_REDUCE,
  type Frame,
  type FrameMachine,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { MaskStats } from "./mask-stats.ts";
import type { Exit, SubtreeWalk } from "./subtree-walks.ts";
import { TokenRanges } from "./token-ranges.ts";

/** Suspended frames, the topmost first. */
interface Suspended {
  readonly frame: Frame;
  readonly below: Suspended | undefined;
}

/**
 * What suffixes of tokens can do from one frame, whatever is below it on the stack. Ranges and exits are over `trie`.
 * O(nodes that are reached).
 */
export function walkSuffixes(machine: FrameMachine, frame: Frame, trie: TokenTrie, stats: MaskStats): SubtreeWalk {
  const { nodeByte, nodeEnd, nodeDepth, nodeCount, tokenStart } = trie;
  const allowed = new TokenRanges();
  const unsure = new TokenRanges();
  const exits: Exit[] = [];
  // By depth: where the walk stands after the bytes down to there.
  const frames: Frame[] = [frame];
  const stacks: (Suspended | undefined)[] = [undefined];
  const nodes: number[] = [0];
  let walked = 0;
  for (let node = 1; node < nodeCount;) {
    walked++;
    const depth = nodeDepth[node];
    const byte = nodeByte[node];
    let top = frames[depth - 1];
    let stack = stacks[depth - 1];
    nodes[depth] = node;
    let action = machine.step(top, byte);
    while ((action & ACTION_KIND_MASK) === ACTION_REDUCE && stack !== undefined) {
      top = machine.resume(stack.frame, action >>> ACTION_KIND_BITS, undefined);
      stack = stack.below;
      action = machine.step(top, byte);
    }
    const payload = action >>> ACTION_KIND_BITS;
    const end = nodeEnd[node];
    switch (action & ACTION_KIND_MASK) {
      case ACTION_DEAD:
        node = end;
        continue;
      case ACTION_GOTO:
        top = payload;
        break;
      case ACTION_PUSH:
        top = machine.pushes.child[payload];
        stack = { frame: machine.pushes.parent[payload], below: stack };
        break;
      case ACTION_POP:
        if (stack === undefined) {
          allowed.add(tokenStart[node], tokenStart[node + 1]);
          if (end > node + 1) exits.push({ node, parent: nodes[depth - 1], result: payload, consumed: true });
          node = end;
          continue;
        }
        top = machine.resume(stack.frame, payload, undefined);
        stack = stack.below;
        break;
      case ACTION_REDUCE:
        exits.push({ node, parent: nodes[depth - 1], result: payload, consumed: false });
        node = end;
        continue;
      default:
        unsure.add(tokenStart[node], tokenStart[end]);
        node = end;
        continue;
    }
    allowed.add(tokenStart[node], tokenStart[node + 1]);
    frames[depth] = top;
    stacks[depth] = stack;
    node++;
  }
  stats.nodesWalked += walked;
  return { allowed, unsure, exits };
}
