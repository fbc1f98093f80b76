import { DEAD, type State } from "../automaton/automaton.ts";
import { END_OF_TEXT } from "../automaton/pushdown-automaton.ts";
import { hasSuccessor } from "../automaton/has-successor.ts";
import type { TokenEngine } from "../constraint/token-engine.ts";
import { countAllowed, forbid, listAllowed } from "../mask/bitmask.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import { CONTEXT_TOKENS, forcedTokens } from "./forced-tokens.ts";
import type { Matcher } from "./matcher.ts";

/** Of tokens that differ in free text alone, how many are tried one by one when the budget is nearly used up; others are left out then. */
const MAX_TRIED_TOKENS = 4;
/** How many of them are tried at all, by the bytes of free text that each stands for. */
const TRIED_BYTES = 8_192;
const LEAST_TRIED = 8;

/** Where more than this share of the vocabulary may come, tokens are looked at together. */
const WIDE_SHARE = 1 / 64;

/** Where the matcher stood before a token: what rollback returns to. */
interface Mark {
  readonly token: TokenId;
  readonly state: State;
  readonly plan: readonly TokenId[] | undefined;
  readonly ended: boolean;
}

/** The {@link Matcher} of a {@link Constraint}. A few numbers, and one record for each token consumed. */
export class TokenMatcher implements Matcher {
  readonly #engine: TokenEngine;
  readonly #maxTokens: number | undefined;
  #state: State;
  /** Tokens that complete the text from here, within the budget; undefined without a budget, and as long as the budget is ample. */
  #plan: readonly TokenId[] | undefined;
  #ended = false;
  #history: Mark[] = [];
  #lastTried: { readonly state: State; readonly remaining: number; readonly fit: ReadonlySet<TokenId> } | undefined;

  constructor(engine: TokenEngine, maxTokens?: number, plan?: readonly TokenId[]) {
    this.#engine = engine;
    this.#state = engine.automaton.start;
    this.#maxTokens = maxTokens;
    this.#plan = plan;
  }

  get tokenCount(): number {
    return this.#history.length;
  }

  get remainingTokens(): number | undefined {
    if (this.#maxTokens === undefined) return undefined;
    return this.#maxTokens - (this.#ended ? this.tokenCount - 1 : this.tokenCount);
  }

  /** The automaton's state here. */
  get state(): State {
    return this.#state;
  }

  /** The tokens consumed so far. */
  get tokens(): TokenId[] {
    return this.#history.map((mark) => mark.token);
  }

  fillMask(words: Uint32Array): void {
    if (this.#ended) {
      words.fill(0);
      return;
    }
    const { masks, paths, successors } = this.#engine;
    masks.fill(this.#state, words);
    const remaining = this.remainingTokens ?? Infinity;
    if (paths.spellsAll) {
      if (remaining === Infinity) return;
      const most = successors.knownMaxCost(this.#state) ?? successors.maxCost(this.#state, this.#isWide(words));
      if (most < remaining) return;
    }
    const { tokens, costs, unsure } = successors.groups(this.#state);
    const spread = successors.spread(this.#state);
    const next = this.#planned()?.[0];
    const tried = spread === 0 ? undefined : this.#tried(remaining);
    const forbidUnlessTried = (token: TokenId): void => {
      if (token !== next && tried?.has(token) !== true) forbid(words, token);
    };
    costs.forEach((cost, group) => {
      if (cost + spread >= remaining) tokens[group].forEach(forbidUnlessTried);
    });
    unsure.forEach(forbidUnlessTried);
  }

  #isWide(words: Uint32Array): boolean {
    return countAllowed(words) > this.#engine.vocabulary.size * WIDE_SHARE;
  }

  allowed(limit = 256): readonly TokenId[] | undefined {
    const words = this.#engine.masks.scratch;
    this.fillMask(words);
    const list: TokenId[] = [];
    return listAllowed(words, list, limit + 1) > limit ? undefined : list;
  }

  isAllowed(token: TokenId): boolean {
    if (this.#ended) return false;
    if (this.#isEndToken(token)) return this.isAccepting();
    return this.#fits(token, this.remainingTokens);
  }

  consume(token: TokenId): boolean {
    if (this.#ended) return false;
    const mark = { token, state: this.#state, plan: this.#plan, ended: this.#ended };
    if (this.#isEndToken(token)) {
      if (!this.isAccepting()) return false;
      this.#ended = true;
      this.#history.push(mark);
      return true;
    }
    if (!this.#fits(token, this.remainingTokens)) return false;
    const after = this.#engine.masks.afterToken(this.#state, token);
    if (this.#maxTokens !== undefined) {
      const remaining = this.remainingTokens!;
      this.#plan = this.#isAmple(remaining) ? undefined : this.#planAfter(token, after, remaining - 1);
    }
    this.#state = after;
    this.#history.push(mark);
    return true;
  }

  rollback(count: number): void {
    if (!Number.isInteger(count) || count < 0 || count > this.#history.length) {
      throw new RangeError(`Cannot roll back ${count} tokens of ${this.#history.length}.`);
    }
    if (count === 0) return;
    const mark = this.#history[this.#history.length - count];
    this.#history.length -= count;
    this.#state = mark.state;
    this.#plan = mark.plan;
    this.#ended = mark.ended;
  }

  clone(): TokenMatcher {
    const copy = new TokenMatcher(this.#engine, this.#maxTokens, this.#plan);
    copy.#state = this.#state;
    copy.#ended = this.#ended;
    copy.#history = this.#history.slice();
    return copy;
  }

  forcedTokens(): TokenId[] {
    if (this.#ended) return [];
    const { automaton, vocabulary } = this.#engine;
    const recent = this.#history.slice(-CONTEXT_TOKENS).map((mark) => mark.token);
    const forced = forcedTokens(automaton, this.#state, vocabulary, recent, recent.length === this.#history.length);
    const remaining = this.remainingTokens;
    // Forced tokens are cut as the tokenizer cuts, which may take more of them than the budget has left.
    if (remaining !== undefined && forced.length > 0) {
      const probe = this.clone();
      for (let i = 0; i < forced.length; i++) if (!probe.consume(forced[i])) return forced.slice(0, i);
    }
    return forced;
  }

  isAccepting(): boolean {
    return !this.#ended && this.#engine.automaton.isAccepting(this.#state);
  }

  isFinished(): boolean {
    if (this.#ended || this.#state === END_OF_TEXT) return true;
    if (!this.isAccepting()) return false;
    if (this.remainingTokens === 0) return true;
    const { automaton, paths } = this.#engine;
    if (paths.spellsAll) return !hasSuccessor(automaton, this.#state);
    // Bytes may go on where no token of the vocabulary does.
    return this.allowed(this.#engine.vocabulary.eosTokens.length)?.every((token) => this.#isEndToken(token)) ?? false;
  }

  minTokensToFinish(): number {
    if (this.#ended) return 0;
    const known = this.#engine.paths.cost(this.#state);
    return this.#plan === undefined ? known : Math.min(known, this.#plan.length);
  }

  #isEndToken(token: TokenId): boolean {
    return this.#engine.vocabulary.eosTokens.includes(token);
  }

  /** Whether the text can be completed after `token`, in time. */
  #fits(token: TokenId, remaining: number | undefined): boolean {
    const { masks, paths, successors } = this.#engine;
    if (this.#isEndToken(token)) return this.isAccepting();
    const after = masks.afterToken(this.#state, token);
    if (after === DEAD || !paths.canFinish(after)) return false;
    if (remaining === undefined) return true;
    if (remaining <= 0) return false;
    if (this.#isAmple(remaining)) return true;
    if (this.#planned()?.[0] === token) return true;
    const cost = paths.cost(after);
    if (cost >= remaining) return false;
    const spread = successors.spread(this.#state);
    if (spread === 0 || cost + 2 * spread < remaining) return true;
    return (
      (paths.spellsAll && successors.maxCost(this.#state, true) < remaining) || this.#fitsAmongAlike(token, remaining)
    );
  }

  /** Whether so many tokens are left that none need be looked at. Of texts that are captured, little is taken for granted. */
  #isAmple(remaining: number): boolean {
    const { paths, successors } = this.#engine;
    if (!paths.spellsAll) return false;
    const most = successors.knownMaxCost(this.#state);
    return most !== undefined && most + 3 * successors.spread(this.#state) < remaining;
  }

  /** The plan, made now if it was not needed before. */
  #planned(): readonly TokenId[] | undefined {
    if (this.#maxTokens !== undefined) this.#plan ??= this.#engine.paths.witness(this.#state);
    return this.#plan;
  }

  /** What {@link fillMask} says of a token that is known to fit by itself, when the budget is nearly used up. */
  #fitsAmongAlike(token: TokenId, remaining: number): boolean {
    const { successors } = this.#engine;
    const { tokens, costs } = successors.groups(this.#state);
    const group = tokens.findIndex((list) => list.includes(token));
    if (group >= 0 && costs[group] + successors.spread(this.#state) < remaining) return true;
    return this.#tried(remaining).has(token);
  }

  /** Those of the tokens in doubt that are looked at by themselves, and fit. */
  #tried(remaining: number): ReadonlySet<TokenId> {
    const { automaton, masks, paths, successors } = this.#engine;
    const state = this.#state;
    const known = this.#lastTried;
    if (known?.state === state && known.remaining === remaining) return known.fit;
    const fit = new Set<TokenId>();
    let left =
      remaining === Infinity
        ? Infinity
        : Math.max(LEAST_TRIED, Math.floor(TRIED_BYTES / (1 + automaton.captureLength(state))));
    const attempt = (candidates: readonly TokenId[], most: number): void => {
      const count = Math.min(candidates.length, most, left);
      for (let i = 0; i < count; i++) {
        const after = masks.afterToken(state, candidates[i]);
        if (after !== DEAD && paths.cost(after) < remaining) fit.add(candidates[i]);
      }
      left -= count;
    };
    const { tokens, costs, unsure } = successors.groups(state);
    const spread = successors.spread(state);
    costs.forEach((cost, group) => {
      if (cost - spread < remaining && cost + spread >= remaining) attempt(tokens[group], MAX_TRIED_TOKENS);
    });
    attempt(unsure, left);
    this.#lastTried = { state, remaining, fit };
    return fit;
  }

  #planAfter(token: TokenId, after: State, remaining: number): readonly TokenId[] {
    const witness = this.#engine.paths.witness(after);
    const plan = this.#planned()!;
    const onPlan = plan[0] === token ? plan.slice(1) : undefined;
    if (witness !== undefined && witness.length <= remaining) {
      return onPlan !== undefined && onPlan.length < witness.length ? onPlan : witness;
    }
    return onPlan!;
  }
}
