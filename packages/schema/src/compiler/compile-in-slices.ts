import { setImmediate } from "node:timers/promises";
import { AbortedError, Interruption, LimitExceededError } from "@espalier/grammar";
import type { JsonSchemaOptions } from "../json-schema.ts";
import { SchemaCompilation } from "./schema-compilation.ts";
import { begun, SliceBudget, SliceEnded } from "./slice-budget.ts";

/** Thrown through a compilation when it needs a document that is not there yet. */
class DocumentMissing extends Interruption {
  readonly uri: string;

  constructor(uri: string) {
    super(uri);
    this.uri = uri;
  }
}

const DEFAULT_MAX_WORK = 2_000_000;

/** A slice in which less than one step of so many left something behind is followed by a longer one… */
const STEPS_PER_REMEMBERED = 16;
/** …and one in which one of so few did by one of the length that was asked for. */
const STEPS_PER_REMEMBERED_AGAIN = 2;

/** What a shorter slice is taken for when it is to be longer. */
const MIN_SLICE_MS = 0.02;

/**
 * Compiles a schema a slice at a time. A slice ends by an exception; since every finished part is remembered, and loops over what users
 * size are kept where they stand, the next slice starts over and is soon where the last one stopped. A slice in which little was
 * finished is followed by a longer one.
 *
 * What a slice does over again is not held against `maxWork`: it limits what is done anew in all slices together, and what the last
 * of them does, each of which is no more than compiling at once would take.
 */
export async function compileInSlices(
  schema: unknown,
  options: JsonSchemaOptions,
  resolve: ((uri: string) => unknown) | ReadonlyMap<string, unknown> | undefined,
  sliceMs: number,
): Promise<SchemaCompilation> {
  const { signal, maxWork = DEFAULT_MAX_WORK } = options;
  const known = new Map<string, unknown>(typeof resolve === "function" ? [] : resolve);
  const lookup = (uri: string): unknown => {
    if (typeof resolve === "function" && !known.has(uri)) throw new DocumentMissing(uri);
    return known.get(uri);
  };
  const compilation = new SchemaCompilation(schema, options, resolve === undefined ? undefined : lookup);
  const pause = async (): Promise<void> => {
    await setImmediate();
    AbortedError.throwIfAborted(signal);
  };
  for (let deadline = performance.now() + sliceMs; !compilation.readOn();) {
    if (performance.now() <= deadline) continue;
    await pause();
    deadline = performance.now() + sliceMs;
  }
  const work = begun();
  let remembered = 0;
  let kept = 0;
  for (let length = sliceMs; ;) {
    await pause();
    const budget = new SliceBudget(maxWork, length, signal, work);
    const before = compilation.remembered;
    try {
      compilation.compileWithin(budget);
      return compilation;
    } catch (error) {
      if (error instanceof DocumentMissing) {
        if (typeof resolve === "function") known.set(error.uri, await resolve(error.uri));
      } else if (!(error instanceof SliceEnded)) {
        throw error;
      }
      const added = compilation.remembered - before;
      const left = added + budget.kept + budget.stepCount;
      if (left === 0 || left * STEPS_PER_REMEMBERED < budget.spent) length = Math.max(length, MIN_SLICE_MS) * 1.5;
      else if (left * STEPS_PER_REMEMBERED_AGAIN > budget.spent) length = sliceMs;
      remembered += added;
      kept += budget.kept;
      if (Math.max(remembered, kept) > maxWork) {
        throw new LimitExceededError({
          message: `Compiling the schema exceeds maxWork (${maxWork}).`,
          limit: "maxWork",
          allowed: maxWork,
          place: "#",
          hint: "Raise maxWork, or simplify the schema.",
        });
      }
    }
  }
}
