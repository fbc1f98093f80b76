export { generate } from "./generate/generate.ts";
export { stream } from "./generate/stream.ts";
export {
  align,
  type AlignedOutput,
  type AlignedOutputs,
  type AlignMethod,
  type AlignOptions,
  type AlignSettings,
} from "./generate/align.ts";
export type {
  DiffusionSettings,
  GenerateOptions,
  GeneratePrompt,
  GenerateSettings,
} from "./generate/generate-options.ts";
export type { GenerateResult, GenerateTimings, GenerateUsage } from "./generate/generate-result.ts";
export type { CanvasSnapshot, FinishEvent, PartialEvent, StreamEvent, TextEvent } from "./generate/stream-event.ts";

export { json, type JsonOptions, type JsonOutput, type StandardSchema } from "./output/json.ts";
export { regex, type RegexOptions } from "./output/regex.ts";
export { choice } from "./output/choice.ts";
export { grammar, type GrammarOutputOptions } from "./output/grammar.ts";
export type { GrammarSource, GrammarSourceOptions } from "./output/grammar-source.ts";
export { triggered, type Trigger, type TriggeredOptions } from "./output/triggered.ts";
export { thinking, type ThinkingOptions, type Thought } from "./output/thinking.ts";
export { toolCalls, type ToolCallsOptions, type ToolChoice } from "./tools/tool-calls.ts";
export type { CallPart, TextPart, Tool, ToolCallPart } from "./tools/tool.ts";
export type { ToolCallFormat } from "./tools/tool-call-format.ts";
export { TOOL_CALL_FORMATS, type ToolCallFormatName } from "./tools/formats/index.ts";
export { text } from "./output/text.ts";
export type { Output } from "./output/output.ts";
export type { FromSchema } from "./typed/from-schema.ts";
export type { Draft } from "./typed/draft.ts";

export { loadDiffusionModel, loadModel, type LoadModelOptions } from "./model/load-model.ts";
export type { DiffusionTextModel, LoadedDiffusionModel, LoadedModel, Model } from "./model/model.ts";
export { ChatTemplate, type ChatMessage, type ChatTemplateOptions } from "./model/chat-template.ts";

export { signature, type SignatureOptions } from "./prompt/signature.ts";
export type { Monitor, MonitoredText } from "@espalier/decoder";
export { confidenceThreshold, earlyCommit, fixedSchedule, type UnmaskingPolicy } from "@espalier/decoder";
export { PartialJsonReader } from "./partial/partial-json-reader.ts";

export {
  OutputRejectedError,
  type OutputIssue,
  type OutputRejectedErrorFields,
} from "./errors/output-rejected-error.ts";
export {
  AbortedError,
  EspalierError,
  InvalidInputError,
  LimitExceededError,
  ModelError,
  UnsatisfiableError,
  UnsupportedError,
} from "@espalier/grammar";
export { jsonSchema, type JsonSchemaExpressionOptions } from "@espalier/schema";
export type { Expression, Grammar, Notation } from "@espalier/grammar";
