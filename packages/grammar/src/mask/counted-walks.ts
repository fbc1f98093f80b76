import { frameAfter } from "../automaton/frame-after.ts";
import type { CountedFrame, Frame, FrameMachine } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { characterCounts, MOST_COUNTED, tokensWithin } from "./character-counts.ts";
import type { MaskStats } from "./mask-stats.ts";
import { nodeHeights } from "./node-heights.ts";
import { newWalk, type ApplyAction, type DifferenceWalk, type MutableWalk } from "./subtree-walks.ts";

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

  /** The tokens as the difference to those of the base. O(places of the token trie that it names). */
  difference(frame: Frame, counted: CountedFrame): DifferenceWalk {
    const { base, least, most, marks } = counted;
    const counts = characterCounts(this.#trie, marks);
    const removed: number[] = [];
    for (const nodes of counts.ends.slice(0, least)) for (const node of nodes) removed.push(node);
    const tooLong = counts.begins[most] ?? NO_NODES;
    const isCut = tooLong.length > MANY_PLACES;
    if (!isCut) for (const node of tooLong) removed.push(node);
    const own = this.#walkUnlike(frame, counted, removed);
    removed.sort((a, b) => a - b);
    return { base, removed, within: isCut ? tokensWithin(counts, most, this.#vocabularySize) : undefined, own };
  }

  /** Whether {@link difference} tells all counts apart that the frame does. */
  static tellsApart({ least, most }: CountedFrame): boolean {
    return least <= MOST_COUNTED && (most < MOST_COUNTED || most === Infinity);
  }

  /** The tokens that go on with bytes unlike characters, while the counts decide what they can do: they are walked, and their roots `removed`. */
  #walkUnlike(frame: Frame, { least, most, marks }: CountedFrame, removed: number[]): MutableWalk {
    this.#stats.frameWalks++;
    const { unlike } = characterCounts(this.#trie, marks);
    const own = newWalk();
    for (let count = 0; count <= most && count < unlike.length; count++) {
      for (const { node, parent, prefix } of unlike[count]) {
        // Too few bytes to reach either bound; a byte unlike characters begins one, at least.
        if (count >= least && count + Math.max(1, this.#heights[node]) <= most) continue;
        const before = frameAfter(this.#machine, frame, prefix);
        if (before === 0) continue;
        this.#stats.nodesWalked++;
        removed.push(node);
        this.#apply(this.#machine.step(before, this.#trie.nodeByte[node]), parent, node, own);
      }
    }
    return own;
  }
}
