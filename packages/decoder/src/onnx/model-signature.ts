import { ModelError, UnsupportedError } from "@espalier/grammar";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { CacheLayout } from "./key-value-cache.ts";
import type { ModelConfig } from "./read-model-config.ts";

/** Which inputs a model takes and which outputs it gives, read off its metadata. @internal */
export interface ModelSignature {
  readonly inputIdsType: Tensor.Type;
  /** The element type of `attention_mask`, where there is one. */
  readonly attentionMaskType: Tensor.Type | undefined;
  readonly positionIdsType: Tensor.Type | undefined;
  /** Merged decoders choose between their two graphs by this flag. */
  readonly hasCacheBranch: boolean;
  /** The input that says for how many positions to compute logits, where there is one. */
  readonly logitsToKeep: { readonly name: string; readonly type: Tensor.Type } | undefined;
  /** Empty for a model without cache, which is fed the whole prefix each time. */
  readonly caches: readonly CacheLayout[];
  /** Logits per position, where the metadata says so. */
  readonly logitsWidth: number | undefined;
  /** Sequences that one call can take. */
  readonly maxRows: number;
}

const PAST = "past_key_values.";
const PRESENT = "present.";
const LOGITS_TO_KEEP = ["num_logits_to_keep", "logits_to_keep"];

type TensorMetadata = Extract<InferenceSession.ValueMetadata, { isTensor: true }>;

/**
 * @throws ModelError when `input_ids` or `logits` is missing
 * @throws UnsupportedError when the model needs an input that a causal language model does not have
 * @internal
 */
export function readModelSignature(session: InferenceSession, config: ModelConfig, file: string): ModelSignature {
  const inputs = metadataByName(session.inputMetadata);
  const outputs = metadataByName(session.outputMetadata);
  const inputIds = inputs.get("input_ids");
  const logits = outputs.get("logits");
  if (inputIds === undefined || logits === undefined) {
    throw new ModelError({
      message: `${file} is no causal language model: its inputs are ${session.inputNames.join(", ")}, its outputs ${session.outputNames.join(", ")}.`,
      place: file,
      hint: "Export the model for the task text-generation-with-past.",
    });
  }
  const [rows, columns] = inputIds.shape;
  if ((typeof rows === "number" && rows !== 1) || typeof columns === "number") {
    throw new UnsupportedError({
      message: `${file} takes input_ids of the fixed shape [${inputIds.shape.join(", ")}].`,
      place: file,
      hint: "Export the model with dynamic axes.",
    });
  }
  for (const tensor of [logits, ...caches(inputs)]) refuseOtherThanFloats(tensor, file);
  const logitsToKeepName = LOGITS_TO_KEEP.find((name) => inputs.has(name));
  for (const name of inputs.keys()) {
    if (
      !name.startsWith(PAST) &&
      !["input_ids", "attention_mask", "position_ids", "use_cache_branch"].includes(name) &&
      name !== logitsToKeepName
    ) {
      throw new UnsupportedError({
        message: `${file} has the input ${name}, which a causal language model does not take.`,
        place: file,
        hint: "Models with encoders, images or recurrent state cannot be loaded.",
      });
    }
  }
  const width = logits.shape.at(-1);
  return {
    inputIdsType: inputIds.type,
    attentionMaskType: inputs.get("attention_mask")?.type,
    positionIdsType: inputs.get("position_ids")?.type,
    hasCacheBranch: inputs.has("use_cache_branch"),
    logitsToKeep:
      logitsToKeepName === undefined ? undefined : { name: logitsToKeepName, type: inputs.get(logitsToKeepName)!.type },
    caches: caches(inputs).map((input) => cacheLayout(input, outputs, config, file)),
    logitsWidth: typeof width === "number" ? width : undefined,
    maxRows: typeof rows === "number" ? rows : Infinity,
  };
}

function caches(inputs: ReadonlyMap<string, TensorMetadata>): TensorMetadata[] {
  return [...inputs.values()].filter(({ name }) => name.startsWith(PAST));
}

function refuseOtherThanFloats(tensor: TensorMetadata, file: string): void {
  if (tensor.type === "float32" || tensor.type === "float16") return;
  throw new UnsupportedError({
    message: `${file} has ${tensor.name} of type ${tensor.type}; only float32 and float16 are supported.`,
    place: file,
    hint: "Choose an export whose caches and logits are not quantised.",
  });
}

function cacheLayout(
  input: TensorMetadata,
  outputs: ReadonlyMap<string, TensorMetadata>,
  config: ModelConfig,
  file: string,
): CacheLayout {
  const output = PRESENT + input.name.slice(PAST.length);
  const [, heads, , dimension] = input.shape;
  if (!outputs.has(output) || input.shape.length !== 4) {
    throw new UnsupportedError({
      message: `${file} has the cache input ${input.name} of shape [${input.shape.join(", ")}]${outputs.has(output) ? "" : ` but no output ${output}`}.`,
      place: file,
      hint: "Caches must be [batch, heads, positions, dimension], each with its `present` output.",
    });
  }
  const layout = {
    input: input.name,
    output,
    type: input.type,
    heads: typeof heads === "number" ? heads : config.keyValueHeads,
    dimension: typeof dimension === "number" ? dimension : config.headDimension,
  };
  const { heads: headCount, dimension: headDimension } = layout;
  if (headCount === undefined || headDimension === undefined) {
    throw new ModelError({
      message: `Neither ${file} nor ${config.file} says how many heads ${input.name} has, and how wide.`,
      place: config.file,
      hint: "Give num_key_value_heads and head_dim in config.json.",
    });
  }
  return { ...layout, heads: headCount, dimension: headDimension };
}

function metadataByName(metadata: readonly InferenceSession.ValueMetadata[]): Map<string, TensorMetadata> {
  return new Map(metadata.filter((value) => value.isTensor).map((value) => [value.name, value]));
}
