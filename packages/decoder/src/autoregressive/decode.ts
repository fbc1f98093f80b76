import { decodeMonitored } from "../monitored/decode-monitored.ts";
import { decodeBatch } from "./decode-batch.ts";
import type { DecodeEvent } from "./decode-event.ts";
import type { DecodeOptions } from "./decode-options.ts";

/**
 * Decodes one sequence, as a stream: tokens, text in whole characters, and last a `finish` event.
 *
 * One model call per sampled token. Under a constraint, tokens that are the only way on are not sampled: they are fed in one call
 * together with the next position that is; and the model is not asked at all once nothing can follow. Everything is
 * checked when the iteration begins, before the first model call. Breaking it off closes the session.
 *
 * Same model, options and seed: same output. Errors: see {@link decodeBatch}.
 */
export async function* decode(options: DecodeOptions): AsyncGenerator<DecodeEvent, void, undefined> {
  const { monitor } = options;
  if (monitor !== undefined) {
    yield* decodeMonitored({ ...options, monitor });
    return;
  }
  for await (const { event } of decodeBatch({ ...options, sequences: [options] })) yield event;
}
