import type { DecodeEvent } from "../autoregressive/decode-event.ts";
import type { DecodeOptions } from "../autoregressive/decode-options.ts";
import { MonitoredDecoder } from "./monitored-decoder.ts";
import type { Monitor } from "./monitor.ts";

export interface MonitoredDecodeOptions extends DecodeOptions {
  readonly monitor: Monitor;
}

/**
 * Decodes one sequence under a {@link Monitor}, beside or without a constraint. Events are those of {@link decode}, all at
 * the end: until then any token may be taken back.
 *
 * A refused token is drawn again from the same logits, without a model call. Where every token is refused, the token before is
 * taken back, which may cost one call. Refusals are remembered by place, so each text is asked about once, and the search ends.
 *
 * Sampled outputs follow the model's distribution with refused tokens left out, place by place.
 *
 * @throws LimitExceededError at `maxRefusals`
 * @throws UnsatisfiableError when the monitor refuses every text of the constraint
 * @throws what the monitor throws, and what {@link decode} throws
 */
export async function* decodeMonitored(options: MonitoredDecodeOptions): AsyncGenerator<DecodeEvent, void, undefined> {
  const decoder = new MonitoredDecoder(options);
  try {
    yield* await decoder.run();
  } finally {
    decoder.close();
  }
}
