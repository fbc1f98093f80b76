import { ModelError } from "@espalier/grammar";
import { Template } from "@huggingface/jinja";

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | (string & {});
  readonly content: string;
}

export interface ChatTemplateOptions {
  /** What the template may refer to: `bos_token`, `eos_token` and the like. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Where the template comes from, for errors: a file. @defaultValue "chat template" */
  readonly place?: string | undefined;
}

/** A model's own layout of conversations: a Jinja template, as Hugging Face tokenizers carry it. */
export class ChatTemplate {
  readonly #template: Template;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #place: string;

  /** @throws ModelError when `source` is not a template. */
  constructor(source: string, options: ChatTemplateOptions = {}) {
    this.#variables = options.variables ?? {};
    this.#place = options.place ?? "chat template";
    this.#template = this.#guard("cannot be parsed", () => new Template(source));
  }

  /**
   * The conversation as text, up to where the model's next message begins. A template without a place for system messages
   * gets them as part of the user message that follows.
   * @throws ModelError when the template refuses the messages.
   */
  render(messages: readonly ChatMessage[]): string {
    try {
      return this.#render(messages);
    } catch (error) {
      const [first, second, ...rest] = messages;
      if (first?.role !== "system" || second?.role !== "user") throw error;
      const merged = { role: "user", content: `${first.content}\n\n${second.content}` };
      return this.#render([merged, ...rest]);
    }
  }

  #render(messages: readonly ChatMessage[]): string {
    return this.#guard("failed", () =>
      this.#template.render({ ...this.#variables, messages, add_generation_prompt: true }),
    );
  }

  #guard<Result>(problem: string, work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      throw new ModelError({
        message: `The chat template ${this.#place} ${problem}: ${cause instanceof Error ? cause.message : String(cause)}`,
        place: this.#place,
        hint: "Give loadModel another one with the option chatTemplate, or `chatTemplate: false` for plain text.",
        cause,
      });
    }
  }
}
