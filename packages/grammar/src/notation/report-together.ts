import type { EspalierError } from "../errors/espalier-error.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";

/** As many errors as one message tells. */
const MOST_REPORTED = 10;

/** Throws one error for all that is wrong, if anything is: the place is that of the first. */
export function throwTogether(errors: readonly EspalierError[]): void {
  if (errors.length === 0) return;
  if (errors.length === 1) throw errors[0];
  const shown = errors.slice(0, MOST_REPORTED).map((error) => error.message);
  if (errors.length > MOST_REPORTED) shown.push(`And ${errors.length - MOST_REPORTED} more.`);
  throw new InvalidInputError({
    message: `${errors.length} things are wrong with the grammar:\n${shown.join("\n")}`,
    place: errors[0].place,
    hint: errors[0].hint,
    cause: errors[0],
  });
}
