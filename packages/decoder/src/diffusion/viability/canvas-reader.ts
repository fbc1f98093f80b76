import type { TokenId, Vocabulary, WorkBudget } from "@espalier/grammar";
import type { CanvasSlot } from "./canvas-part.ts";

/** The number of a place on a canvas, between two bytes. */
export type CanvasNode = number;

/** The byte of {@link CanvasReader.only} that stands for the end of the text. */
export const END_OF_CANVAS = -1;

/** The bytes that may stand at a place, in parallel arrays: one byte may lead to several places. */
export interface CanvasMoves {
  readonly bytes: readonly number[];
  readonly targets: readonly CanvasNode[];
  /** The token that the byte completes, or -1. */
  readonly tokens: readonly TokenId[];
}

const NO_TOKEN = -1;
const BACKSLASH = 0x5c;
const NO_MOVES: CanvasMoves = { bytes: [], targets: [], tokens: [] };

interface NodeContent {
  readonly slot: number;
  /** Of a hole: tokens taken, as far as they count. Of a decided token: its bytes read. */
  readonly used: number;
  /** Of a hole: where in the token trie; 0 between tokens. */
  readonly inside: number;
  /** When set, the one byte that may follow. */
  readonly byte: number | undefined;
  moves: CanvasMoves | undefined;
}

/**
 * A canvas with holes as a nondeterministic automaton over bytes: what may stand at each place of it, token by token. Places are
 * between slots, inside a decided token, or somewhere in the token trie inside a hole. Leaving a hole is no move: a move leads to every
 * place that it may be followed by.
 *
 * Where every byte is a token, an open-ended hole that has enough tokens is one place that any byte leads back to.
 */
export class CanvasReader {
  readonly #vocabulary: Vocabulary;
  readonly #slots: readonly CanvasSlot[];
  readonly #isFinalSlot: (slot: number) => boolean;
  readonly #isPlain: boolean;
  readonly #budget: WorkBudget;
  readonly #nodes: NodeContent[] = [];
  readonly #ids = new Map<string, CanvasNode>();
  /** By byte, its token; where one byte has none, empty. */
  readonly #byteTokens: readonly TokenId[];

  /**
   * @param isFinalSlot whether the text may end before this slot; the last place, behind all slots, is `slots.length`
   * @param isPlain whether open-ended holes are filled with plain characters only: no escapes, nothing outside ASCII
   */
  constructor(
    vocabulary: Vocabulary,
    slots: readonly CanvasSlot[],
    options: {
      readonly isFinalSlot?: ((slot: number) => boolean) | undefined;
      readonly isPlain?: boolean | undefined;
      readonly budget: WorkBudget;
    },
  ) {
    this.#vocabulary = vocabulary;
    this.#slots = slots;
    this.#isFinalSlot = options.isFinalSlot ?? ((slot) => slot === slots.length);
    this.#isPlain = options.isPlain ?? false;
    this.#budget = options.budget;
    this.#byteTokens = byteTokens(vocabulary);
  }

  /** The places that a text may begin at. */
  get starts(): readonly CanvasNode[] {
    return this.#between(0, 0);
  }

  /** Whether the canvas may end here. */
  isFinal(node: CanvasNode): boolean {
    const { slot, inside, used, byte } = this.#nodes[node];
    if (byte !== undefined && byte !== END_OF_CANVAS) return false;
    return inside === 0 && used === 0 && this.#isFinalSlot(slot);
  }

  /** The same place, with nothing but `byte` to follow: {@link END_OF_CANVAS} for the end. */
  only(node: CanvasNode, byte: number): CanvasNode {
    const { slot, used, inside, byte: known } = this.#nodes[node];
    return known === undefined ? this.#nodeOf(slot, used, inside, byte) : node;
  }

  moves(node: CanvasNode): CanvasMoves {
    const content = this.#nodes[node];
    return (content.moves ??= content.byte === undefined ? this.#movesOf(content) : this.#movesOnly(content));
  }

  #movesOnly({ slot, used, inside, byte }: NodeContent): CanvasMoves {
    if (byte === END_OF_CANVAS) return NO_MOVES;
    const { bytes, targets, tokens } = this.moves(this.#nodeOf(slot, used, inside, undefined));
    const indices = [...bytes.keys()].filter((index) => bytes[index] === byte);
    return {
      bytes: indices.map((index) => bytes[index]),
      targets: indices.map((index) => targets[index]),
      tokens: indices.map((index) => tokens[index]),
    };
  }

  #movesOf({ slot, used, inside }: NodeContent): CanvasMoves {
    const moves = { bytes: [] as number[], targets: [] as CanvasNode[], tokens: [] as TokenId[] };
    const add = (byte: number, target: CanvasNode, token: TokenId): void => {
      this.#budget.spend();
      moves.bytes.push(byte);
      moves.targets.push(target);
      moves.tokens.push(token);
    };
    if (slot === this.#slots.length) return moves;
    const { token, minTokens, maxTokens } = this.#slots[slot];
    if (token !== undefined) {
      const bytes = this.#vocabulary.bytes(token);
      if (used + 1 < bytes.length) add(bytes[used], this.#nodeOf(slot, used + 1, 0, undefined), NO_TOKEN);
      else if (used + 1 === bytes.length) {
        for (const target of this.#between(slot + 1, 0)) add(bytes[used], target, token);
      }
      return moves;
    }
    if (inside === 0 && used >= maxTokens) return moves;
    const next = maxTokens === Infinity ? Math.min(used + 1, minTokens) : used + 1;
    if (maxTokens === Infinity && this.#byteTokens.length > 0) {
      const targets = this.#between(slot, next);
      this.#byteTokens.forEach((each, byte) => {
        if (this.#isPlain && !isPlainByte(byte)) return;
        for (const target of targets) add(byte, target, each);
      });
      return moves;
    }
    const { nodeByte, nodeEnd, tokenStart, tokens } = this.#vocabulary.trie;
    for (let child = inside + 1; child < nodeEnd[inside]; child = nodeEnd[child]) {
      if (this.#isPlain && maxTokens === Infinity && !isPlainByte(nodeByte[child])) continue;
      if (child + 1 < nodeEnd[child]) add(nodeByte[child], this.#nodeOf(slot, used, child, undefined), NO_TOKEN);
      if (tokenStart[child] === tokenStart[child + 1]) continue;
      for (const target of this.#between(slot, next)) add(nodeByte[child], target, tokens[tokenStart[child]]);
    }
    return moves;
  }

  /** The places between tokens that `used` tokens of a hole lead to. */
  #between(slot: number, used: number): CanvasNode[] {
    const places: CanvasNode[] = [];
    let taken = used;
    for (let at = slot; ; at++, taken = 0) {
      const hole = at < this.#slots.length && this.#slots[at].token === undefined ? this.#slots[at] : undefined;
      if (hole === undefined) return [...places, this.#nodeOf(at, 0, 0, undefined)];
      this.#budget.spend();
      // A hole that is full is no place of its own, unless the text may end there.
      if (taken < hole.maxTokens || (taken === 0 && this.#isFinalSlot(at))) {
        places.push(this.#nodeOf(at, taken, 0, undefined));
      }
      if (taken < hole.minTokens) return places;
    }
  }

  #nodeOf(slot: number, used: number, inside: number, byte: number | undefined): CanvasNode {
    const key = `${slot},${used},${inside},${byte ?? ""}`;
    let node = this.#ids.get(key);
    if (node === undefined) {
      this.#budget.spend();
      node = this.#nodes.push({ slot, used, inside, byte, moves: undefined }) - 1;
      this.#ids.set(key, node);
    }
    return node;
  }
}

function isPlainByte(byte: number): boolean {
  return byte === 0x0a || (byte >= 0x20 && byte < 0x7f && byte !== BACKSLASH);
}

/** By byte, a token of that byte alone; empty unless every byte has one. */
function byteTokens({ trie }: Vocabulary): readonly TokenId[] {
  const { nodeByte, nodeEnd, tokenStart, tokens } = trie;
  const found: TokenId[] = [];
  for (let child = 1; child < nodeEnd[0]; child = nodeEnd[child]) {
    if (tokenStart[child] < tokenStart[child + 1]) found[nodeByte[child]] = tokens[tokenStart[child]];
  }
  for (let byte = 0; byte < 256; byte++) if (found[byte] === undefined) return [];
  return found;
}
