import { EspalierError, LimitExceededError } from "@espalier/grammar";
import { OutputRejectedError } from "../../errors/output-rejected-error.ts";
import { EXIT_REFUSED, EXIT_USAGE } from "./exit-status.ts";

/** Limits that a generation runs into, rather than a constraint. */
const GENERATION_LIMITS = new Set(["maxTokens", "contextLength"]);

/** Prints message, place and hint of an error on stderr; never a stack. Returns the exit status. @internal */
export function reportError(error: unknown): number {
  if (!EspalierError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${message}\n`);
    return EXIT_USAGE;
  }
  const lines = [`error: ${error.message}`];
  if (error.place !== undefined && !error.message.includes(error.place)) lines.push(`  at: ${error.place}`);
  if (error.hint !== undefined) lines.push(`  hint: ${error.hint}`);
  process.stderr.write(`${lines.join("\n")}\n`);
  return isRefusal(error) ? EXIT_REFUSED : EXIT_USAGE;
}

function isRefusal(error: EspalierError): boolean {
  if (error instanceof OutputRejectedError) return true;
  return error instanceof LimitExceededError && GENERATION_LIMITS.has(error.limit);
}
