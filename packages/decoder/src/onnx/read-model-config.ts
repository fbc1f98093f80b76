import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { configuredEndTokens, ModelError, type TokenId } from "@espalier/grammar";

/** What a decoder needs of `config.json` and `generation_config.json`, under one set of names. @internal */
export interface ModelConfig {
  /** The path of `config.json`, for errors. */
  readonly file: string;
  readonly vocabularySize: number | undefined;
  readonly contextLength: number | undefined;
  /** Heads of the key-value cache; fewer than attention heads with grouped queries. */
  readonly keyValueHeads: number | undefined;
  /** Numbers per head and position. */
  readonly headDimension: number | undefined;
  readonly eosTokens: readonly TokenId[];
  readonly bosToken: TokenId | undefined;
  /** What masked-diffusion models hold for undecided positions. Encoders for other tasks name one as well. */
  readonly maskToken: TokenId | undefined;
  readonly padToken: TokenId | undefined;
  /** Names of the model's classes, as the export gives them. */
  readonly architectures: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads the configuration of a model in the Hugging Face layout: Llama-style names (`num_key_value_heads`,
 * `max_position_embeddings`), GPT-2-style names (`n_head`, `n_positions`), or either inside `text_config`.
 * @throws ModelError when `config.json` is missing, or either file is not a JSON object
 * @throws InvalidInputError when `eos_token_id` is no token id, or no list of them
 * @internal
 */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const file = join(folder, "config.json");
  const outer = await readJsonObject(file);
  if (outer === undefined) {
    throw new ModelError({
      message: `There is no config.json in ${folder}.`,
      place: file,
      hint: "Pass the folder of a Hugging Face ONNX export: config.json, generation_config.json, onnx/model.onnx.",
    });
  }
  const generation = await readJsonObject(join(folder, "generation_config.json"));
  const inner = isJsonObject(outer["text_config"]) ? outer["text_config"] : {};
  const config: JsonObject = { ...outer, ...inner };

  const heads = firstCount(config, ["num_attention_heads", "n_head", "num_heads"]);
  const hiddenSize = firstCount(config, ["hidden_size", "n_embd", "d_model"]);
  return {
    file,
    vocabularySize: firstCount(config, ["vocab_size"]),
    contextLength: firstCount(config, ["max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length"]),
    keyValueHeads:
      firstCount(config, ["num_key_value_heads", "num_kv_heads"]) ?? (config["multi_query"] === true ? 1 : heads),
    headDimension:
      firstCount(config, ["head_dim"]) ??
      (heads === undefined || hiddenSize === undefined ? undefined : hiddenSize / heads),
    eosTokens: configuredEndTokens(generation, outer),
    bosToken: tokenList(generation?.["bos_token_id"] ?? config["bos_token_id"])[0],
    maskToken: tokenList(config["mask_token_id"])[0],
    padToken: tokenList(generation?.["pad_token_id"] ?? config["pad_token_id"])[0],
    architectures: stringList(config["architectures"]),
  };
}

async function readJsonObject(file: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ModelError({ message: `${file} cannot be read.`, place: file, cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ModelError({
      message: `${file} is not JSON: ${(cause as Error).message}.`,
      place: file,
      hint: "Fetch the file again.",
      cause,
    });
  }
  if (isJsonObject(value)) return value;
  throw new ModelError({ message: `${file} is not a JSON object.`, place: file });
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function firstCount(config: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = config[name];
    if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  }
  return undefined;
}

function tokenList(value: unknown): readonly TokenId[] {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  return ids.filter((id): id is TokenId => Number.isInteger(id) && (id as number) >= 0);
}

function stringList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
