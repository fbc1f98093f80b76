import { WorkBudget } from "../budget/work-budget.ts";
import type { NotationOptions } from "./notation-options.ts";

const DEFAULT_WORK = 20_000_000;

/** The budget under which one text of a notation is read or printed. */
export function notationBudget(options: Pick<NotationOptions, "maxNotationWork" | "signal">): WorkBudget {
  return new WorkBudget({
    name: "maxNotationWork",
    limit: options.maxNotationWork ?? DEFAULT_WORK,
    signal: options.signal,
  });
}
