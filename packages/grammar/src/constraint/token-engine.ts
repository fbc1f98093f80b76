import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { MaskCache } from "../mask/mask-cache.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { SuccessorCache } from "./successor-groups.ts";
import { TokenPaths } from "./token-paths.ts";

/** States after which a constraint begins anew for its next matcher: some tens of megabytes. */
const MAX_STATES = 500_000;

/** An automaton with all that is remembered of it over one vocabulary. It only grows; who holds it keeps it alive. */
export class TokenEngine {
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
  readonly masks: MaskCache;
  readonly paths: TokenPaths;
  readonly successors: SuccessorCache;

  constructor(automaton: PushdownAutomaton, vocabulary: Vocabulary) {
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.masks = new MaskCache(automaton, vocabulary);
    this.paths = new TokenPaths(automaton, vocabulary);
    this.successors = new SuccessorCache(automaton, vocabulary, this.paths);
  }

  /** True when so much has been remembered that new matchers had better start with an empty memory. */
  get isFull(): boolean {
    return this.automaton.stateCount > MAX_STATES || this.automaton.machine.isFull;
  }
}
