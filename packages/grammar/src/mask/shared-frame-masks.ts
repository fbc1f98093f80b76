import type { FrameMachine } from "../automaton/frame-machine.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { FrameMasks } from "./frame-masks.ts";
import { maskMemory } from "./mask-memory.ts";
import { newMaskStats, type MaskStats } from "./mask-stats.ts";
import { SubtreeWalker } from "./subtree-walk.ts";

/** What constraints over one machine and one vocabulary share. */
export interface SharedMasks {
  readonly frames: FrameMasks;
  readonly stats: MaskStats;
}

const shared = new WeakMap<FrameMachine, WeakMap<Vocabulary, SharedMasks>>();

/** The frame masks of a machine over a vocabulary: they live as long as both, within {@link maskMemory}. */
export function sharedFrameMasks(machine: FrameMachine, vocabulary: Vocabulary): SharedMasks {
  let byVocabulary = shared.get(machine);
  if (byVocabulary === undefined) shared.set(machine, (byVocabulary = new WeakMap()));
  let masks = byVocabulary.get(vocabulary);
  if (masks === undefined) {
    const stats = newMaskStats(maskMemory);
    const walker = new SubtreeWalker(machine, vocabulary.trie, vocabulary.size, stats, maskMemory);
    masks = { frames: new FrameMasks(walker, vocabulary.trie, vocabulary.size, maskMemory), stats };
    byVocabulary.set(vocabulary, masks);
  }
  return masks;
}
