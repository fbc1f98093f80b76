import { frameAfter } from "../automaton/frame-after.ts";
import type { CountedFrame, FrameMachine } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { characterCounts, MOST_COUNTED, tokensWithin } from "./character-counts.ts";
import type { MaskStats } from "./mask-stats.ts";
import { nodeHeights } from "./node-heights.ts";
import { newWalk, type ApplyAction, type DifferenceWalk, type MutableWalk } from "./subtree-walks.ts";
import { followPaths } from "./trie-paths.ts";

/** Where more places than this are to be taken away from the tokens of the base, a mask says which tokens are left. */
const MANY_PLACES = 1_024;
const NO_NODES = new Int32Array(0);

/**
 * What the tokens can do from frames that count characters, such as a string with five characters to go: as many of them as a frame
 * that does not count would take, up to the count. No step of the machine for most tokens.
 */
export class CountedWalks {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #vocabularySize: number;
  readonly #stats: MaskStats;
  readonly #heights: Uint16Array;
  readonly #apply: ApplyAction;

  constructor(machine: FrameMachine, trie: TokenTrie, vocabularySize: number, stats: MaskStats, apply: ApplyAction) {
    this.#machine = machine;
    this.#trie = trie;
    this.#vocabularySize = vocabularySize;
    this.#stats = stats;
    this.#heights = nodeHeights(trie);
    this.#apply = apply;
  }

  /** The tokens as the difference to those of the base; undefined where that would be most of them. O(places of the token trie that it names). */
  difference(counted: CountedFrame): DifferenceWalk | undefined {
    const { base, least, most, sure, marks } = counted;
    if (least > MOST_COUNTED || (sure >= MOST_COUNTED && sure < Infinity)) return undefined;
    const counts = characterCounts(this.#trie, marks);
    const long = counts.begins[sure] ?? NO_NODES;
    const isCut = long.length > MANY_PLACES;
    if (isCut && sure < most) return undefined;
    this.#stats.frameWalks++;
    const removed: number[] = [];
    const own = newWalk();
    for (const nodes of counts.ends.slice(0, least)) for (const node of nodes) removed.push(node);
    if (!isCut) for (const node of long) removed.push(node);
    if (sure < most) this.#walkLong(counted, long, own);
    this.#walkUnlike(counted, removed, own);
    removed.sort((a, b) => a - b);
    return { base, removed, within: isCut ? tokensWithin(counts, most, this.#vocabularySize) : undefined, own };
  }

  /** The tokens with more than `sure` characters. */
  #walkLong({ base, sure, after }: CountedFrame, long: Int32Array, own: MutableWalk): void {
    followPaths(this.#machine, this.#trie, this.#stats, base, 0, long, (before, parent, node) => {
      const frame = before === 0 ? 0 : after(before, sure);
      if (frame !== 0) this.#apply(this.#machine.step(frame, this.#trie.nodeByte[node]), parent, node, own);
    });
  }

  /** The tokens that go on with bytes unlike characters, while the counts decide what they can do: they are walked, and their roots `removed`. */
  #walkUnlike({ base, least, sure, marks, after }: CountedFrame, removed: number[], own: MutableWalk): void {
    const { unlike } = characterCounts(this.#trie, marks);
    for (let count = 0; count <= sure && count < unlike.length; count++) {
      for (const { node, parent, prefix } of unlike[count]) {
        // Too few bytes to reach either bound; a byte unlike characters begins one, at least.
        if (count >= least && count + Math.max(1, this.#heights[node]) <= sure) continue;
        const before = frameAfter(this.#machine, base, prefix);
        if (before === 0) continue;
        this.#stats.nodesWalked++;
        removed.push(node);
        const frame = after(before, count);
        if (frame !== 0) this.#apply(this.#machine.step(frame, this.#trie.nodeByte[node]), parent, node, own);
      }
    }
  }
}
