import { frameAfter } from "../automaton/frame-after.ts";
import type { CountedFrame, Frame, FrameMachine } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { characterCounts, ENDED, MIXED, MOST_COUNTED, type UnlikeNode } from "./character-counts.ts";
import type { MaskStats } from "./mask-stats.ts";
import { nodeHeights } from "./node-heights.ts";
import {
  newWalk,
  type ApplyAction,
  type DifferenceWalk,
  type Exit,
  type MutableWalk,
  type SubtreeWalk,
} from "./subtree-walks.ts";
import { TokenRanges } from "./token-ranges.ts";

/** Where more places than this are to be taken away from the tokens of the base, they are counted one by one. */
const MANY_PLACES = 1_024;

/** Tokens of which the counts do not say all: they are walked. */
interface Walked {
  readonly roots: readonly UnlikeNode[];
  readonly own: MutableWalk;
}

/**
 * What the tokens can do from frames that count characters, such as a string with five characters to go: as many of them as a frame
 * that does not count would take, up to the count. O(tokens) at worst, with no step of the machine for most of them.
 */
export class CountedWalks {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #stats: MaskStats;
  readonly #heights: Uint16Array;
  readonly #apply: ApplyAction;

  constructor(machine: FrameMachine, trie: TokenTrie, stats: MaskStats, apply: ApplyAction) {
    this.#machine = machine;
    this.#trie = trie;
    this.#stats = stats;
    this.#heights = nodeHeights(trie);
    this.#apply = apply;
  }

  /** The tokens as the difference to those of the base; undefined where that is large. */
  difference(frame: Frame, counted: CountedFrame): DifferenceWalk | undefined {
    const { base, least, most, marks } = counted;
    const { begins, ends } = characterCounts(this.#trie, marks);
    const places = ends.slice(0, least);
    if (begins[most] !== undefined) places.push(begins[most]);
    if (places.reduce((sum, { length }) => sum + length, 0) > MANY_PLACES) return undefined;
    const { roots, own } = this.#walked(frame, counted);
    const removed = [...places.flatMap((nodes) => [...nodes]), ...roots.map(({ node }) => node)];
    return { base, removed: removed.sort((a, b) => a - b), own };
  }

  /** @param ofBase what the tokens can do from the base */
  walk(frame: Frame, counted: CountedFrame, ofBase: SubtreeWalk): SubtreeWalk {
    const { least, most, marks } = counted;
    const { countOfEnd, ofTokens, unlike } = characterCounts(this.#trie, marks);
    const { tokenStart, nodeEnd } = this.#trie;
    const { roots, own } = this.#walked(frame, counted);
    /** Of these the base knows nothing: they are walked, or too long. */
    const others = [...roots, ...unlike.slice(most + 1).flat()].map(({ node }) => node).sort((a, b) => a - b);
    const walked = new Int32Array(others.length * 2);
    others.forEach((node, i) => {
      walked[2 * i] = tokenStart[node];
      walked[2 * i + 1] = tokenStart[nodeEnd[node]];
    });
    const allowed = new TokenRanges();
    const { bounds } = ofBase.allowed.without(walked);
    for (let i = 0; i < bounds.length; i += 2) {
      for (let position = bounds[i]; position < bounds[i + 1]; position++) {
        const count = ofTokens[position];
        const isIn = count < ENDED ? count <= most : count === MIXED || isBetween(count - ENDED, least, most);
        if (isIn) allowed.add(position, position + 1);
      }
    }
    allowed.addAll(own.allowed);
    const unsure = ofBase.unsure.without(walked);
    unsure.addAll(own.unsure);
    const exits: Exit[] = ofBase.exits.filter(({ node }) => {
      const count = countOfEnd.get(node);
      return count === undefined
        ? !others.some((root) => root <= node && node < nodeEnd[root])
        : isBetween(count, least, most);
    });
    for (const exit of own.exits) exits.push(exit);
    return { allowed, unsure, exits };
  }

  /** Whether {@link walk} tells all counts apart that the frame does. */
  static tellsApart({ least, most }: CountedFrame): boolean {
    return least <= MOST_COUNTED && (most < MOST_COUNTED || most === Infinity);
  }

  /** The tokens that go on with bytes unlike characters, while the counts decide what they can do. */
  #walked(frame: Frame, { least, most, marks }: CountedFrame): Walked {
    this.#stats.frameWalks++;
    const { unlike } = characterCounts(this.#trie, marks);
    const own = newWalk();
    const roots: UnlikeNode[] = [];
    for (let count = 0; count <= most && count < unlike.length; count++) {
      for (const place of unlike[count]) {
        // Too few bytes to reach either bound; a byte unlike characters begins one, at least.
        if (count >= least && count + Math.max(1, this.#heights[place.node]) <= most) continue;
        const before = frameAfter(this.#machine, frame, place.prefix);
        if (before === 0) continue;
        this.#stats.nodesWalked++;
        roots.push(place);
        this.#apply(this.#machine.step(before, this.#trie.nodeByte[place.node]), place.parent, place.node, own);
      }
    }
    return { roots, own };
  }
}

function isBetween(count: number, least: number, most: number): boolean {
  return count >= least && count <= most;
}
