import { llama3Vocabulary } from "../../../test/support/vocabularies.ts";
import type { Matcher } from "../../../packages/grammar/src/index.ts";
import { JsonSchema } from "../../../packages/schema/src/index.ts";
import { SCENARIOS } from "../decode/scenarios.ts";

export interface PoolJob {
  /** Round, threads done, threads ready. */
  readonly control: SharedArrayBuffer;
  /** For each matcher the token that it consumes next, -1 to begin anew. */
  readonly tokens: SharedArrayBuffer;
  readonly words: SharedArrayBuffer;
  readonly index: number;
  readonly count: number;
  readonly matcherCount: number;
  readonly rowWords: number;
}

export interface SharedJob extends Omit<PoolJob, "control" | "tokens" | "words"> {
  readonly control: Int32Array;
  readonly tokens: Int32Array;
  readonly words: Uint32Array;
}

export function decodeShared(job: PoolJob): SharedJob {
  return {
    ...job,
    control: new Int32Array(job.control),
    tokens: new Int32Array(job.tokens),
    words: new Uint32Array(job.words),
  };
}

/** Matchers over the scenarios' schemas, in turn. */
export class Matchers {
  readonly #constraints = SCENARIOS.map(({ schema }) =>
    new JsonSchema(schema, { escapes: "minimal" }).constraint(llama3Vocabulary()),
  );
  readonly #matchers: Matcher[] = [];

  of(index: number): Matcher {
    return (this.#matchers[index] ??= this.reset(index));
  }

  reset(index: number): Matcher {
    return (this.#matchers[index] = this.#constraints[index % this.#constraints.length].matcher());
  }
}
