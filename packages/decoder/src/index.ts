export type { LanguageModel, FeedBatchOptions, FeedRequest, ModelStats } from "./models/language-model.ts";
export type { ModelSession, FeedOptions } from "./models/model-session.ts";
export { functionModel, type FunctionModelOptions } from "./models/function-model.ts";

export { loadOnnxModel, type LoadOnnxModelOptions } from "./onnx/load-onnx-model.ts";
export type { OnnxDtype } from "./onnx/find-model-file.ts";

export type { AllowedTokens } from "./sampling/allowed-tokens.ts";
export { logSumExp } from "./sampling/log-sum-exp.ts";
export { Random } from "./sampling/random.ts";
export { Sampler, type TokenDistribution } from "./sampling/sampler.ts";
export { SamplerScratch } from "./sampling/sampler-scratch.ts";
export type { SamplingOptions } from "./sampling/sampling-options.ts";

export type { Monitor, MonitoredText, MonitorOptions } from "./monitored/monitor.ts";

export { decode } from "./autoregressive/decode.ts";
export { decodeBatch, type DecodeBatchEvent } from "./autoregressive/decode-batch.ts";
export { decodeToEnd } from "./autoregressive/decode-to-end.ts";
export type {
  DecodeBatchOptions,
  DecodeOptions,
  SequenceOptions,
  SharedDecodeOptions,
  TokenText,
} from "./autoregressive/decode-options.ts";
export type {
  DecodeEvent,
  DecodeFinishEvent,
  DecodeResult,
  DecodeTextEvent,
  DecodeTimings,
  DecodeTokenEvent,
  DecodeUsage,
  FinishReason,
} from "./autoregressive/decode-event.ts";

export type { AlignedDraw } from "./aligned/aligned-draw.ts";
export type { AlignedSamplerOptions } from "./aligned/aligned-options.ts";
export type { AlignedDrawOptions, AlignedSampler, AlignedStats } from "./aligned/aligned-sampler.ts";
export { AsapSampler } from "./aligned/asap-sampler.ts";
export type { MassEstimate } from "./aligned/mass-estimate.ts";
export { MaskedSampler } from "./aligned/masked-sampler.ts";
export { RejectionSampler } from "./aligned/rejection-sampler.ts";
export type { SmcSamplerOptions } from "./aligned/smc-options.ts";
export type { SmcPopulation, WeightedOutput } from "./aligned/smc-population.ts";
export { SmcSampler } from "./aligned/smc-sampler.ts";

export type { DiffusionModel, DiffusionModelStats, PredictOptions } from "./diffusion/model/diffusion-model.ts";
export {
  functionDiffusionModel,
  type FunctionDiffusionModelOptions,
} from "./diffusion/model/function-diffusion-model.ts";
export { decodeDiffusion } from "./diffusion/decode/decode-diffusion.ts";
export type { DiffusionDecodeOptions } from "./diffusion/decode/diffusion-options.ts";
export type {
  CanvasEvent,
  DiffusionEvent,
  DiffusionFinishEvent,
  DiffusionTimings,
  DiffusionUsage,
} from "./diffusion/decode/diffusion-event.ts";
export type { UnmaskingPolicy, UnmaskingStep } from "./diffusion/policies/unmasking-policy.ts";
export { fixedSchedule, type FixedScheduleOptions } from "./diffusion/policies/fixed-schedule.ts";
export { confidenceThreshold, type ConfidenceThresholdOptions } from "./diffusion/policies/confidence-threshold.ts";
export { earlyCommit, type EarlyCommitOptions, type EarlyCommitStage } from "./diffusion/policies/early-commit.ts";
export { CanvasWithHoles } from "./diffusion/viability/canvas-with-holes.ts";
export { fillHoles, type FillHolesOptions } from "./diffusion/viability/fill-holes.ts";
export type { CanvasPart, DecidedPart, HolePart } from "./diffusion/viability/canvas-part.ts";
export { CanvasDistribution, type CanvasDistributionOptions } from "./diffusion/trellis/canvas-distribution.ts";
export type { ScoredCanvas } from "./diffusion/trellis/most-probable.ts";
export type { TokenMarginals } from "./diffusion/trellis/sum-product.ts";
export { isDiffusionFolder } from "./onnx/is-diffusion-folder.ts";
export { loadOnnxDiffusionModel, type LoadOnnxDiffusionModelOptions } from "./onnx/load-onnx-diffusion-model.ts";
