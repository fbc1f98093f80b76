import { InvalidInputError, type TokenId } from "@espalier/grammar";
import type { ChatMessage } from "../model/chat-template.ts";
import type { Model } from "../model/model.ts";

export interface PromptInput {
  readonly prompt?: string | undefined;
  readonly messages?: readonly ChatMessage[] | undefined;
  /** What the prompt helper says. */
  readonly instruction: string | undefined;
}

/**
 * The prompt as tokens: messages laid out by the model's chat template, or else as plain text.
 * @throws InvalidInputError when there is no prompt, or two
 * @internal
 */
export function buildPrompt(model: Pick<Model, "tokenizer" | "chatTemplate">, input: PromptInput): TokenId[] {
  const messages = withInstruction(messagesOf(input), input.instruction);
  const { chatTemplate, tokenizer } = model;
  // A template writes the special tokens itself.
  if (chatTemplate !== undefined) return tokenizer.encode(chatTemplate.render(messages));
  const text = messages.map(({ content }) => content).join("\n\n");
  return tokenizer.encode(messages.length === 1 ? text : `${text}\n`, { addSpecialTokens: true });
}

function messagesOf({ prompt, messages }: PromptInput): readonly ChatMessage[] {
  if ((prompt === undefined) === (messages === undefined)) {
    throw new InvalidInputError({
      message: `Generating takes either a prompt or messages, not ${prompt === undefined ? "neither" : "both"}.`,
      place: "prompt",
    });
  }
  if (typeof prompt === "string") return [{ role: "user", content: prompt }];
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) {
    throw new InvalidInputError({
      message: "A prompt must be a text, and messages a list of at least one { role, content }, both of them texts.",
      place: prompt === undefined ? "messages" : "prompt",
    });
  }
  return messages;
}

function isMessage(value: unknown): value is ChatMessage {
  const message = value as Partial<ChatMessage> | null;
  return typeof message?.role === "string" && typeof message.content === "string";
}

/** The instruction goes in front, into the system message: after what it says already. */
function withInstruction(messages: readonly ChatMessage[], instruction: string | undefined): readonly ChatMessage[] {
  if (instruction === undefined) return messages;
  const [first, ...rest] = messages;
  if (first.role !== "system") return [{ role: "system", content: instruction }, ...messages];
  return [{ role: "system", content: `${first.content}\n\n${instruction}` }, ...rest];
}
