import type { Matcher, TokenId } from "@espalier/grammar";

/** Moves over a token of the matcher's own mask. @internal */
export function consumeAllowed(matcher: Matcher, token: TokenId): void {
  if (matcher.consume(token)) return;
  throw new Error(`Broken invariant: a matcher refuses token ${token} of its own mask (token ${matcher.tokenCount}).`);
}
