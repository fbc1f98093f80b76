import { decode } from "./decode.ts";
import type { DecodeResult } from "./decode-event.ts";
import type { DecodeOptions } from "./decode-options.ts";

/** Decodes one sequence and resolves to what its stream would have ended with: see {@link decode}. */
export async function decodeToEnd(options: DecodeOptions): Promise<DecodeResult> {
  for await (const event of decode(options)) {
    if (event.type !== "finish") continue;
    const { type: _, ...result } = event;
    return result;
  }
  throw new Error("A stream ended without its finish event.");
}
