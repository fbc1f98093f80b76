import type { TokenId } from "@espalier/grammar";
import type { LanguageModel } from "../models/language-model.ts";
import type { ModelSession } from "../models/model-session.ts";

/** One session that jumps from prefix to prefix: it is taken back to what two have in common, and fed the rest in one call. */
export class PrefixSession {
  readonly #model: LanguageModel;
  readonly #prompt: readonly TokenId[];
  #session: ModelSession | undefined;
  #fed: TokenId[] = [];

  constructor(model: LanguageModel, prompt: readonly TokenId[]) {
    this.#model = model;
    this.#prompt = [...prompt];
  }

  /** The logits of what follows the prompt and `tokens`: one model call. */
  async logitsAfter(tokens: readonly TokenId[], signal: AbortSignal | undefined): Promise<Float32Array> {
    const whole = [...this.#prompt, ...tokens];
    const session = (this.#session ??= this.#model.createSession());
    let shared = 0;
    // At least one token must be fed for its logits.
    while (shared < whole.length - 1 && this.#fed[shared] === whole[shared]) shared++;
    session.rewind(this.#fed.length - shared);
    this.#fed.length = shared;
    const rest = whole.slice(shared);
    const [logits] = await session.feed(rest, { signal });
    for (const token of rest) this.#fed.push(token);
    return logits;
  }

  dispose(): void {
    this.#session?.dispose();
    this.#session = undefined;
    this.#fed = [];
  }
}
