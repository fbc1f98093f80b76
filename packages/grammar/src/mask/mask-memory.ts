import { CacheBudget } from "./cache-budget.ts";

/**
 * What all masks of the process may hold: frame masks, walks, suffixes, masks of states, of every machine and vocabulary.
 * What is forgotten is made again when it is needed. `maxBytes` may be set at any time.
 */
export const maskMemory: CacheBudget = new CacheBudget();
