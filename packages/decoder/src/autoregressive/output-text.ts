import type { TokenId } from "@espalier/grammar";
import type { TokenText } from "./decode-options.ts";
import { StopScanner } from "./stop-scanner.ts";

const NOTHING = new Uint8Array(0);

/** The text of an output as its tokens arrive: whole characters only, nothing of a stop text. */
export class OutputText {
  readonly #vocabulary: TokenText | undefined;
  readonly #scanner: StopScanner;
  /** Holds back the beginning of a character; what is not UTF-8 becomes U+FFFD. */
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #text = "";
  #isStopped = false;

  constructor(vocabulary: TokenText | undefined, stop: readonly string[]) {
    this.#vocabulary = vocabulary;
    this.#scanner = new StopScanner(stop);
  }

  /** All text so far. */
  get text(): string {
    return this.#text;
  }

  /** True once a stop text was found. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Adds a token; returns the text that became certain. */
  push(token: TokenId): string {
    if (this.#vocabulary === undefined || token >= this.#vocabulary.size) return "";
    const { clear, isFound } = this.#scanner.push(this.#vocabulary.bytes(token));
    this.#isStopped = isFound;
    return this.#add(this.#decoder.decode(clear, { stream: true }));
  }

  /** Ends the output; returns the text that was held back. */
  end(): string {
    const rest = this.#isStopped ? NOTHING : this.#scanner.flush();
    return this.#add(this.#decoder.decode(rest));
  }

  #add(text: string): string {
    this.#text += text;
    return text;
  }
}
