import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  type Frame,
  type FrameMachine,
} from "../automaton/frame-machine.ts";
import { ANY_BYTES, nodeAlphabets, type NodeAlphabets } from "../mask/node-alphabets.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { EndingSet } from "./ending-set.ts";
import { FRAMES, FrameEndings } from "./frame-endings.ts";
import { TextClosures } from "./text-closures.ts";

/** Where tokens lead from a frame, as far as it matters for what is left to be done. */
export interface FrameSuccessors {
  /** Of all frames that tokens turn the frame into, and that end by themselves. */
  readonly endings: EndingSet;
  /** Nodes of the token trie on whose byte the frame is left, or becomes one that does not end by itself; ascending, none below another. */
  readonly leaving: Int32Array;
}

/** Frames that the closure of a frame may have; it is shared by all of them. */
const LARGE_CLOSURE = 2_048;
/** The same for the frames that its tokens lead to, when its own was too large. */
const SMALL_CLOSURE = 192;
/** Frames that one walk may look at in vain; then it uses what is known. */
const MAX_WASTED = 2_048;
/** Smaller subtrees are walked rather than looked through in general. */
const SMALL_SUBTREE = 24;
/** Answers that are remembered. */
const KEPT_SUCCESSORS = 512;

/** {@link FrameSuccessors} of a machine's frames over a vocabulary. Large parts of the token trie are taken together. */
export class FrameSuccessorTable {
  readonly endings: FrameEndings;
  readonly #machine: FrameMachine;
  readonly #vocabulary: Vocabulary;
  readonly #alphabets: NodeAlphabets;
  readonly #closures: TextClosures;
  readonly #known = new Map<number, FrameSuccessors>();

  constructor(machine: FrameMachine, vocabulary: Vocabulary) {
    this.#machine = machine;
    this.#vocabulary = vocabulary;
    this.#alphabets = nodeAlphabets(vocabulary.trie);
    this.endings = new FrameEndings(machine, vocabulary);
    this.#closures = new TextClosures(machine, this.endings);
  }

  /**
   * @param below as in {@link FrameEndings.of}
   * @param isWide whether many tokens may follow: then it is worth looking at what they have in common
   */
  of(frame: Frame, below: Frame, isWide: boolean): FrameSuccessors {
    const key = below * FRAMES + frame;
    let successors = this.#known.get(key);
    if (successors === undefined) {
      successors = this.#walk(frame, below, isWide);
      if (this.#known.size >= KEPT_SUCCESSORS) this.#known.delete(this.#known.keys().next().value!);
      this.#known.set(key, successors);
    }
    return successors;
  }

  #walk(start: Frame, below: Frame, isWide: boolean): FrameSuccessors {
    const machine = this.#machine;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, nodeCount } = this.#vocabulary.trie;
    const { alphabet } = this.#alphabets;
    if (isWide) this.#closures.of(start, below, LARGE_CLOSURE, false);
    const maxWasted = this.#closures.wasted + (isWide ? MAX_WASTED : 0);
    const endings = new EndingSet();
    const leaving: number[] = [];
    const frames: Frame[] = [start];
    // The bytes that lead to a node are those that any token below it begins with.
    const pathTo = (node: number): Uint8Array =>
      this.#vocabulary.bytes(tokens[tokenStart[node]]).subarray(0, nodeDepth[node]);
    for (let node = 1; node < nodeCount;) {
      const depth = nodeDepth[node];
      const end = nodeEnd[node];
      const action = machine.step(frames[depth - 1], nodeByte[node]);
      if (action === ACTION_DEAD) {
        node = end;
        continue;
      }
      const frame = action >>> ACTION_KIND_BITS;
      const ending = (action & ACTION_KIND_MASK) === ACTION_GOTO ? this.endings.of(frame, below) : undefined;
      if (ending === undefined) {
        leaving.push(node);
        node = end;
        continue;
      }
      const at = node;
      if (tokenStart[node] < tokenStart[node + 1]) {
        endings.add(ending.result, ending.tokens, ending.text, () => pathTo(at));
      }
      if (end - node >= SMALL_SUBTREE && alphabet[node] < ANY_BYTES) {
        const closure =
          this.#closures.wasted < maxWasted
            ? this.#closures.of(frame, below, SMALL_CLOSURE, true)
            : this.#closures.known(frame, below);
        if (closure !== undefined) {
          for (const { result, most, text } of closure) endings.add(result, most, text, () => pathTo(at));
          node = end;
          continue;
        }
      }
      frames[depth] = frame;
      node++;
    }
    return { endings, leaving: Int32Array.from(leaving) };
  }
}

const tables = new WeakMap<FrameMachine, WeakMap<Vocabulary, FrameSuccessorTable>>();

/** The table that all constraints over a machine and a vocabulary share. */
export function frameSuccessorTable(machine: FrameMachine, vocabulary: Vocabulary): FrameSuccessorTable {
  let byVocabulary = tables.get(machine);
  if (byVocabulary === undefined) tables.set(machine, (byVocabulary = new WeakMap()));
  let table = byVocabulary.get(vocabulary);
  if (table === undefined) byVocabulary.set(vocabulary, (table = new FrameSuccessorTable(machine, vocabulary)));
  return table;
}
