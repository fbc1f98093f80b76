import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Tiny models with random weights in the layout of real exports, with logits that another implementation computed. */
export const FIXTURES = ["llama-random", "gpt2-random", "llama-random-fp16"] as const;
export type Fixture = (typeof FIXTURES)[number];

export interface ReferenceSequence {
  readonly input_ids: number[];
  readonly last_logits: number[];
}

export function fixtureFolder(name: Fixture): string {
  return fileURLToPath(new URL(`../../fixtures/models/${name}`, import.meta.url));
}

export function referenceSequences(name: Fixture): ReferenceSequence[] {
  return JSON.parse(readFileSync(`${fixtureFolder(name)}/reference.json`, "utf8")).sequences;
}

/** How far logits may be from the reference: single precision, or weights and caches of half precision. */
export function tolerance(name: Fixture): number {
  return name.endsWith("fp16") ? 2e-2 : 1e-4;
}

/** The greatest difference between two arrays of logits. */
export function greatestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let greatest = 0;
  for (let index = 0; index < actual.length; index++) {
    greatest = Math.max(greatest, Math.abs(actual[index] - expected[index]));
  }
  return greatest;
}
