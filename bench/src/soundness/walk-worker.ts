import {
  LimitExceededError,
  maskWordCount,
  type Constraint,
  type Matcher,
  type PushdownAutomaton,
} from "../../../packages/grammar/src/index.ts";
import { JsonSchema } from "../../../packages/schema/src/index.ts";
import { llama3Vocabulary } from "../../../test/support/vocabularies.ts";
import { accepts } from "../support/accepts.ts";
import { seededRandom } from "../support/random.ts";
import type { SchemaCase } from "../support/schema-cases.ts";
import { describeError, serveRequests } from "../support/serve-requests.ts";
import { randomToken } from "./random-token.ts";
import { roundNumbers } from "./round-numbers.ts";

export const MAX_TOKENS = 400;

export interface WalkRequest {
  readonly line: string;
  readonly walks: number;
  readonly seed: number;
}

/** How one walk ended: with a text, or in a way that must not happen. */
export type Walk =
  | { readonly kind: "finished"; readonly text: string; /** See `textForAjv`. */ readonly forAjv: string | undefined }
  | { readonly kind: "deadEnd" | "overBudget" | "crash"; readonly why: string };

export type WalkReply =
  | { readonly kind: "walked"; readonly walks: readonly Walk[] }
  | { readonly kind: "compileError" | "refusedBudget"; readonly why: string };

/**
 * What ajv sees of a text once its numbers are doubles, if Espalier accepts that as well. If it does not, ajv's refusal of the
 * rounded numbers would agree with Espalier, and its acceptance would say nothing.
 */
function textForAjv(text: string, automaton: PushdownAutomaton): string | undefined {
  const rounded = roundNumbers(text);
  if (rounded === undefined || rounded === text) return rounded;
  return accepts(automaton, rounded) ? rounded : undefined;
}

await serveRequests<WalkRequest, WalkReply>(() => {
  const vocabulary = llama3Vocabulary();
  void vocabulary.trie;
  const words = new Uint32Array(maskWordCount(vocabulary.size));

  return ({ line, walks, seed }) => {
    let constraint: Constraint;
    try {
      constraint = new JsonSchema((JSON.parse(line) as SchemaCase).schema).constraint(vocabulary);
    } catch (error) {
      return { kind: "compileError", why: describeError(error) };
    }
    const random = seededRandom(seed);
    const results: Walk[] = [];
    for (let i = 0; i < walks; i++) {
      let matcher: Matcher;
      try {
        matcher = constraint.matcher({ maxTokens: MAX_TOKENS });
      } catch (error) {
        if (error instanceof LimitExceededError && error.limit === "maxTokens")
          return { kind: "refusedBudget", why: error.message };
        results.push({ kind: "crash", why: describeError(error) });
        continue;
      }
      results.push(walk(matcher));
    }
    return { kind: "walked", walks: results };

    /** Draws tokens under the mask until the end-of-text token is drawn. */
    function walk(matcher: Matcher): Walk {
      const tokens: number[] = [];
      const place = (): string =>
        `after ${tokens.length} tokens: ${JSON.stringify(vocabulary.decode(tokens).slice(-300))}`;
      try {
        for (;;) {
          matcher.fillMask(words);
          const token = randomToken(words, random);
          if (token === undefined) return { kind: "deadEnd", why: `nothing is allowed ${place()}` };
          if (!matcher.consume(token))
            return { kind: "crash", why: `the mask allows token ${token}, but it cannot be consumed, ${place()}` };
          if (vocabulary.eosTokens.includes(token)) break;
          tokens.push(token);
          if (tokens.length > MAX_TOKENS) return { kind: "overBudget", why: place() };
        }
        const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(vocabulary.decodeBytes(tokens));
        return { kind: "finished", text, forAjv: textForAjv(text, constraint.automaton) };
      } catch (error) {
        return { kind: "crash", why: `${describeError(error)} ${place()}` };
      }
    }
  };
});
