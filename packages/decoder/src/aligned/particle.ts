import type { Matcher, TokenId } from "@espalier/grammar";
import type { ModelSession } from "../models/model-session.ts";
import type { PrefixNode } from "./prefix-node.ts";

/** One of a population: an output as far as it is written. */
export interface Particle {
  node: PrefixNode;
  readonly matcher: Matcher;
  readonly tokens: TokenId[];
  /** Holds prompt and tokens, perhaps not all of them yet. */
  session: ModelSession;
  logProbability: number;
  /** Since the last resampling. */
  logWeight: number;
  /** `dead` ones have no weight. */
  state: "running" | "ended" | "dead";
}

/** A particle at the same place, with a weight of 1. */
export function descendant(particle: Particle): Particle {
  const { matcher, tokens, session } = particle;
  return { ...particle, matcher: matcher.clone(), tokens: [...tokens], session: session.fork(), logWeight: 0 };
}
