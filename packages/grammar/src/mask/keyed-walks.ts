import { frameAfter } from "../automaton/frame-after.ts";
import {
  gotoFrame,
  MARK_CHARACTER,
  MARK_END,
  MARK_OTHER,
  popResult,
  type Frame,
  type FrameMachine,
  type KeyedFrame,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { ComparedWalks } from "./compared-walks.ts";
import type { MaskStats } from "./mask-stats.ts";
import { newWalk, type ApplyAction, type DifferenceWalk, type MutableWalk } from "./subtree-walks.ts";
import { trieChildren, type TrieChildren } from "./trie-children.ts";

/** Where tokens spell a character by other bytes. */
interface SpelledPlaces {
  /** The nodes inside. */
  readonly inside: number[];
  /** The nodes of the last bytes, and all bytes of the spelling. */
  readonly ends: { readonly parent: number; readonly node: number; readonly bytes: Uint8Array }[];
}

/** Places of characters that are remembered. */
const KEPT_PLACES = 32_768;

/** A walk that is being made of a frame and its base. */
interface KeyedWalk {
  readonly frame: Frame;
  readonly keyed: KeyedFrame;
  readonly removed: number[];
  readonly own: MutableWalk;
  /** The nodes inside spellings that were passed; undefined where there is a base, which passes them. */
  readonly passed: Set<number> | undefined;
}

/**
 * What the tokens can do from frames that read one of some texts, such as the keys of an object: only the paths of those texts
 * are followed, and no frame is made for what lies on them. O(bytes of the texts) at worst.
 */
export class KeyedWalks {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #stats: MaskStats;
  readonly #comparedWalks: ComparedWalks;
  readonly #apply: ApplyAction;
  readonly #children: TrieChildren;
  /** By the bytes of a character and the node where its spellings begin: most are spelled by no tokens. */
  readonly #spelledPlaces = new Map<number, SpelledPlaces>();
  /** Of {@link #spelledPlaces}. A machine has one. */
  #spellings: KeyedFrame["spellings"] | undefined;

  /** @param comparedWalks for what the texts of a frame do not say */
  constructor(
    machine: FrameMachine,
    trie: TokenTrie,
    stats: MaskStats,
    comparedWalks: ComparedWalks,
    apply: ApplyAction,
  ) {
    this.#machine = machine;
    this.#trie = trie;
    this.#stats = stats;
    this.#comparedWalks = comparedWalks;
    this.#apply = apply;
    this.#children = trieChildren(trie);
  }

  /**
   * The tokens strictly below `node`, as the difference to those of the base. Where there is no base, `own` is all, and nothing is
   * removed.
   */
  difference(frame: Frame, keyed: KeyedFrame, node: number): DifferenceWalk {
    this.#stats.frameWalks++;
    const { base, texts, from, results, marks } = keyed;
    const { tokenStart } = this.#trie;
    const removed: number[] = [];
    const own = newWalk();
    const walk: KeyedWalk = { frame, keyed, removed, own, passed: base === 0 ? new Set() : undefined };
    const end = marks.indexOf(MARK_END);
    const unlike = this.#children.all(marks.indexOf(MARK_OTHER));
    /** The nodes on the way of the text before, by how many of its bytes they have. */
    const path: number[] = [node];
    let known = 0;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i];
      const shared = i === 0 ? 0 : sharedLength(texts[i - 1], text, from);
      // The text before got no further than to bytes that this one has as well.
      if (i > 0 && known < shared) continue;
      known = shared;
      while (from + known < text.length && marks[text[from + known]] === MARK_CHARACTER) {
        this.#stats.nodesWalked++;
        const next = this.#children.of(path[known], text[from + known]);
        if (next === 0) break;
        path[++known] = next;
        if (base === 0) own.allowed.add(tokenStart[next], tokenStart[next + 1]);
      }
      for (let at = characterAt(text, from, from + shared); at <= from + known && at < text.length;) {
        const after = nextCharacter(text, at);
        const first = unlike.get(path[at - from]);
        if (first !== undefined) this.#followSpellings(walk, text, at, after, path[at - from], first);
        at = after;
      }
      if (from + known !== text.length) continue;
      const closing = this.#children.of(path[known], end);
      if (closing === 0) continue;
      if (base !== 0) removed.push(closing);
      if (results[i] >= 0) this.#apply(popResult(results[i]), path[known], closing, own);
    }
    return { base, removed: removed.sort((a, b) => a - b), own };
  }

  /**
   * Where tokens spell the character `text[at..after)`, which plainly would come at `node`, by other bytes.
   * @param first the child of `node` where they begin
   */
  #followSpellings(walk: KeyedWalk, text: Uint8Array, at: number, after: number, node: number, first: number): void {
    const { frame, keyed, removed, own, passed } = walk;
    const { base, from, spellings } = keyed;
    const { tokenStart } = this.#trie;
    let character = 0;
    for (let i = at; i < after; i++) character = character * 256 + text[i];
    const key = character * this.#trie.nodeCount + first;
    const places = this.#spelledAt(key, spellings) ?? this.#spell(key, text.subarray(at, after), node, spellings);
    if (passed !== undefined) {
      for (const inside of places.inside) {
        if (passed.has(inside)) continue;
        passed.add(inside);
        own.allowed.add(tokenStart[inside], tokenStart[inside + 1]);
      }
    }
    const before = text.subarray(from, at);
    for (const { parent, node: end, bytes } of places.ends) {
      const next = this.#frameAfter(frame, before, bytes);
      if (base === 0) this.#apply(gotoFrame(next), parent, end, own);
      else this.#comparedWalks.compare(next, this.#frameAfter(base, before, bytes), end, removed, own);
    }
  }

  #frameAfter(frame: Frame, text: Uint8Array, spelling: Uint8Array): Frame {
    const after = frameAfter(this.#machine, frameAfter(this.#machine, frame, text), spelling);
    if (after === 0) throw new Error("Broken invariant: a spelling that the frame does not take.");
    return after;
  }

  #spelledAt(key: number, spellings: KeyedFrame["spellings"]): SpelledPlaces | undefined {
    if (this.#spellings !== spellings) {
      this.#spellings = spellings;
      this.#spelledPlaces.clear();
    }
    return this.#spelledPlaces.get(key);
  }

  #spell(key: number, character: Uint8Array, node: number, spellings: KeyedFrame["spellings"]): SpelledPlaces {
    const places: SpelledPlaces = { inside: [], ends: [] };
    for (const spelling of spellings(character)) this.#find(spelling, [], node, places);
    if (this.#spelledPlaces.size >= KEPT_PLACES) this.#spelledPlaces.clear();
    this.#spelledPlaces.set(key, places);
    return places;
  }

  /** @param bytes those of the spelling on the way to `node` */
  #find(spelling: readonly Uint8Array[], bytes: readonly number[], node: number, places: SpelledPlaces): void {
    for (const byte of spelling[bytes.length]) {
      this.#stats.nodesWalked++;
      const child = this.#children.of(node, byte);
      if (child === 0) continue;
      const longer = [...bytes, byte];
      if (longer.length === spelling.length) {
        places.ends.push({ parent: node, node: child, bytes: Uint8Array.from(longer) });
      } else {
        if (!places.inside.includes(child)) places.inside.push(child);
        this.#find(spelling, longer, child, places);
      }
    }
  }
}

/** Where the character of UTF-8 begins that `at` is in; not before `from`. */
function characterAt(text: Uint8Array, from: number, at: number): number {
  let start = at;
  while (start > from && (text[start] & 0xc0) === 0x80) start--;
  return (text[start] & 0xc0) === 0x80 ? nextCharacter(text, start) : start;
}

function nextCharacter(text: Uint8Array, at: number): number {
  let next = at + 1;
  while (next < text.length && (text[next] & 0xc0) === 0x80) next++;
  return next;
}

/** How many bytes from `from` on two texts share. */
function sharedLength(a: Uint8Array, b: Uint8Array, from: number): number {
  let length = 0;
  while (from + length < a.length && from + length < b.length && a[from + length] === b[from + length]) length++;
  return length;
}
