import type { TokenId } from "@espalier/grammar";

/**
 * A prefix of outputs, and what is known of the mass of its valid completions. All masses are logs, and relative to the prefix: the
 * probability, given the prefix, that the model goes on to a valid end.
 */
export class PrefixNode {
  readonly parent: PrefixNode | undefined;
  /** The last token of the prefix; -1 at the root. */
  readonly token: TokenId;
  readonly depth: number;
  /** Log-probability of `token` after the parent. */
  readonly logProbability: number;
  /** By last token; only prefixes that were walked. */
  children: Map<TokenId, PrefixNode> | undefined;
  /** The most mass possible. What the draws of other walks relied on: it changes only when a walk is settled. */
  logUpper = 0;
  /** The least mass possible. */
  logLower: number = -Infinity;
  /** Once expanded: the log-probability of ending here, -Infinity where the language does not allow it. */
  logEnd: number = -Infinity;
  /** Once expanded: the log-probability of the allowed tokens that have no child. */
  logRest = 0;
  /** True once the model was asked what follows. */
  isExpanded = false;
  /** When it was last visited, by the trie's clock. */
  lastVisit = 0;

  constructor(parent: PrefixNode | undefined, token: TokenId, logProbability: number) {
    this.parent = parent;
    this.token = token;
    this.logProbability = logProbability;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  /** Nothing valid follows. */
  get isDead(): boolean {
    return this.logUpper === -Infinity;
  }
}
