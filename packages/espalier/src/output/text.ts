import type { Output } from "./output.ts";

/** Free text: the model writes what it likes, up to its end-of-text token, a stop sequence or `maxTokens`. */
export function text(): Output<string, never> {
  return {
    kind: "text",
    cacheKey: "text",
    instruction: () => undefined,
    compile: () => undefined,
    finish: (written) => Promise.resolve(written),
  };
}
