import type { TokenId } from "@espalier/grammar";
import { indexOfToken, type LocalDistribution } from "./local-distribution.ts";
import { logAdd, logSum } from "./log-space.ts";
import { PrefixNode } from "./prefix-node.ts";

/** Bytes that a distribution takes, for the one-entry overhead too. */
const DISTRIBUTION_BYTES = 160;
const ENTRY_BYTES = 12;

/**
 * What draws have learned: for each prefix that was walked, an upper and a lower bound of the mass of its valid completions.
 *
 * Invariants:
 * 1. The true mass of a prefix lies between its bounds. A prefix that was not walked has the bounds 0 and 1.
 * 2. Between walks, the upper bound of an expanded prefix is the sum over its ending, its children and the rest, the rest
 *    counted whole; likewise the lower bound, the rest not counted.
 * 3. During a walk bounds stand still: {@link settle} brings what was expanded into them. So what a walk was drawn from is known.
 *
 * The upper bounds are the "over-approximated expected future grammaticality" of Park et al., "Grammar-Aligned Decoding", 2024, section 4.
 *
 * Bounded twice: distributions are dropped by bytes at any time (the bounds stay), prefixes are forgotten by number between walks.
 */
export class PrefixTrie {
  readonly root: PrefixNode = new PrefixNode(undefined, -1, 0);
  /** Prefixes held. */
  size = 1;
  forgotten = 0;
  cachedBytes = 0;
  readonly #maxPrefixes: number;
  readonly #maxCachedBytes: number;
  /** In order of last use. */
  readonly #cache = new Map<PrefixNode, LocalDistribution>();
  #scratch: Float64Array = new Float64Array(64);
  #clock = 0;

  constructor(maxPrefixes: number, maxCachedBytes: number) {
    this.#maxPrefixes = maxPrefixes;
    this.#maxCachedBytes = maxCachedBytes;
  }

  /** The upper bound of a prefix, whether or not it was walked. */
  logUpperBound(tokens: readonly TokenId[]): number {
    let node = this.root;
    for (const token of tokens) {
      if (node.isDead) return -Infinity;
      const child = node.children?.get(token);
      if (child === undefined) return 0;
      node = child;
    }
    return node.logUpper;
  }

  /** What follows a prefix, where it is still kept. */
  recall(node: PrefixNode): LocalDistribution | undefined {
    const kept = this.#cache.get(node);
    if (kept !== undefined) {
      this.#cache.delete(node);
      this.#cache.set(node, kept);
    }
    return kept;
  }

  /** Takes note of what follows a prefix. */
  expand(node: PrefixNode, distribution: LocalDistribution): void {
    if (!node.isExpanded) {
      node.isExpanded = true;
      node.logEnd = distribution.logEnd;
      node.logRest = logSum(distribution.logProbabilities, distribution.tokens.length);
    }
    const bytes = bytesOf(distribution);
    if (bytes > this.#maxCachedBytes || this.#cache.has(node)) return;
    this.#cache.set(node, distribution);
    this.cachedBytes += bytes;
    for (const [oldest] of this.#cache) {
      if (this.cachedBytes <= this.#maxCachedBytes) break;
      this.#drop(oldest);
    }
  }

  /** The prefix one token further; made where there is none. O(allowed tokens) where it is made. */
  step(node: PrefixNode, distribution: LocalDistribution, index: number): PrefixNode {
    const token = distribution.tokens[index];
    const known = node.children?.get(token);
    if (known !== undefined) return known;
    const child = new PrefixNode(node, token, distribution.logProbabilities[index]);
    (node.children ??= new Map()).set(token, child);
    this.size++;
    // Summed anew rather than subtracted: what is left may be smaller than the rounding of what it is taken from.
    const count = distribution.tokens.length;
    if (this.#scratch.length < count) this.#scratch = new Float64Array(count * 2);
    this.#scratch.set(distribution.logProbabilities);
    for (const each of node.children.keys()) {
      const at = indexOfToken(distribution, each);
      if (at >= 0) this.#scratch[at] = -Infinity;
    }
    node.logRest = logSum(this.#scratch, count);
    return child;
  }

  /** Brings what was expanded on the way to `ends` into the bounds, up to the root. */
  settle(ends: Iterable<PrefixNode>): void {
    const touched = new Set<PrefixNode>();
    const now = ++this.#clock;
    for (const end of ends) {
      for (let node: PrefixNode | undefined = end; node !== undefined && !touched.has(node); node = node.parent) {
        touched.add(node);
        node.lastVisit = now;
      }
    }
    for (const node of [...touched].toSorted((a, b) => b.depth - a.depth)) this.#sum(node);
  }

  /** Forgets what was visited longest ago, where there is too much. Not during a walk. */
  makeRoom(): void {
    if (this.size <= this.#maxPrefixes) return;
    const nodes = this.#all();
    // A parent is visited whenever a child is: what goes is closed downwards.
    nodes.sort((a, b) => a.lastVisit - b.lastVisit || b.depth - a.depth);
    const going = this.size - Math.max(1, Math.floor((this.#maxPrefixes * 3) / 4));
    const changed = new Set<PrefixNode>();
    for (let index = 0; index < going; index++) {
      const node = nodes[index];
      const parent = node.parent;
      if (parent === undefined) continue;
      this.#drop(node);
      parent.children?.delete(node.token);
      parent.logRest = logAdd(parent.logRest, node.logProbability);
      changed.delete(node);
      changed.add(parent);
      this.size--;
      this.forgotten++;
    }
    const { lastVisit } = this.root;
    const above = new Set<PrefixNode>();
    for (let node of changed) {
      for (; !above.has(node); node = node.parent) {
        above.add(node);
        if (node.parent === undefined) break;
      }
    }
    for (const node of [...above].toSorted((a, b) => b.depth - a.depth)) this.#sum(node);
    this.root.lastVisit = lastVisit;
  }

  #sum(node: PrefixNode): void {
    if (!node.isExpanded) return;
    let upper = logAdd(node.logEnd, node.logRest);
    let lower = node.logEnd;
    if (node.children !== undefined) {
      for (const child of node.children.values()) {
        upper = logAdd(upper, child.logProbability + child.logUpper);
        lower = logAdd(lower, child.logProbability + child.logLower);
      }
    }
    // Rounding may pass 1 by a few units of the last place.
    node.logUpper = Math.min(0, upper);
    node.logLower = Math.min(node.logUpper, lower);
    if (node.isDead) this.#cut(node);
  }

  /** Nothing below a dead prefix will be walked again; the prefix itself stays, as a mark. */
  #cut(node: PrefixNode): void {
    this.#drop(node);
    const below = [...(node.children?.values() ?? [])];
    for (let child = below.pop(); child !== undefined; child = below.pop()) {
      this.#drop(child);
      this.size--;
      if (child.children !== undefined) for (const next of child.children.values()) below.push(next);
    }
    node.children = undefined;
  }

  #drop(node: PrefixNode): void {
    const kept = this.#cache.get(node);
    if (kept === undefined) return;
    this.#cache.delete(node);
    this.cachedBytes -= bytesOf(kept);
  }

  #all(): PrefixNode[] {
    const nodes = [this.root];
    for (let index = 0; index < nodes.length; index++) {
      const { children } = nodes[index];
      if (children !== undefined) for (const child of children.values()) nodes.push(child);
    }
    return nodes;
  }
}

function bytesOf(distribution: LocalDistribution): number {
  return DISTRIBUTION_BYTES + ENTRY_BYTES * distribution.tokens.length;
}
