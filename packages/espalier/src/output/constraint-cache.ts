import type { Constraint, Vocabulary } from "@espalier/grammar";
import type { Output } from "./output.ts";

/** Compiled constraints that are kept for each vocabulary; the one used longest ago goes first. */
const MAX_CONSTRAINTS = 64;
/** States after which a constraint is compiled afresh: long generations leave states behind (20 bytes each, or so). */
const MAX_STATES = 1_000_000;

const byVocabulary = new WeakMap<Vocabulary, Map<string, Constraint>>();
const byOutput = new WeakMap<Output<unknown>, WeakMap<Vocabulary, Constraint>>();

/**
 * The output's constraint over `vocabulary`, compiled on first use and kept for later calls: by content where the output has
 * a key, else for as long as the output object lives.
 * @internal
 */
export function cachedConstraint(
  output: Output<unknown>,
  vocabulary: Vocabulary,
  signal: AbortSignal | undefined,
): Constraint | undefined {
  const { cacheKey } = output;
  return cacheKey === undefined ? forObject(output, vocabulary, signal) : forKey(cacheKey, output, vocabulary, signal);
}

function forKey(
  key: string,
  output: Output<unknown>,
  vocabulary: Vocabulary,
  signal: AbortSignal | undefined,
): Constraint | undefined {
  let constraints = byVocabulary.get(vocabulary);
  if (constraints === undefined) byVocabulary.set(vocabulary, (constraints = new Map<string, Constraint>()));
  const known = constraints.get(key);
  constraints.delete(key);
  const constraint = isUsable(known) ? known : output.compile(vocabulary, signal);
  if (constraint === undefined) return undefined;
  constraints.set(key, constraint);
  if (constraints.size > MAX_CONSTRAINTS) constraints.delete(constraints.keys().next().value!);
  return constraint;
}

function forObject(
  output: Output<unknown>,
  vocabulary: Vocabulary,
  signal: AbortSignal | undefined,
): Constraint | undefined {
  let constraints = byOutput.get(output);
  if (constraints === undefined) byOutput.set(output, (constraints = new WeakMap<Vocabulary, Constraint>()));
  const known = constraints.get(vocabulary);
  const constraint = isUsable(known) ? known : output.compile(vocabulary, signal);
  if (constraint !== undefined) constraints.set(vocabulary, constraint);
  return constraint;
}

function isUsable(constraint: Constraint | undefined): constraint is Constraint {
  return constraint !== undefined && constraint.automaton.stateCount <= MAX_STATES;
}
