import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "@espalier/decoder";
import {
  BOOL,
  FLOAT,
  FLOAT16,
  INT32,
  INT64,
  writeOnnx,
  type OnnxConstant,
  type OnnxNode,
  type OnnxValue,
} from "./onnx-writer.ts";

const VOCABULARY = 11;
const WIDTH = 4;
const CONTEXT = 32;

/** The ways in which exports differ. */
export interface ToyVariant {
  /** `false`: attends to padding as well. */
  readonly obeysMask?: boolean;
  /** `columns`: no `position_ids`; positions are counted by column, padding included. */
  readonly positions?: "input" | "columns";
  readonly cache?: boolean;
  readonly cacheBranch?: boolean;
  readonly logitsToKeep?: boolean;
  readonly int32?: boolean;
  readonly halfLogits?: boolean;
  /** The batch axis of `input_ids`. */
  readonly rows?: number | "batch";
  /** A further input that nobody asked for. */
  readonly extraInput?: string;
}

/**
 * Writes a model in which what follows a prefix is a sum over its tokens: a value for each, a key for the last one, and
 * a vector for its position. No transformer, but it has their inputs and outputs, and what it must answer is
 * {@link toyLogits}.
 */
export async function writeToyModel(folder: string, variant: ToyVariant = {}): Promise<void> {
  const { obeysMask = true, positions = "input", cache = true, rows = "batch" } = variant;
  const idType = variant.int32 ? INT32 : INT64;
  const cacheShape = ["batch", 1, "past", WIDTH];
  const inputs: OnnxValue[] = [
    { name: "input_ids", type: idType, shape: [rows, "sequence"] },
    { name: "attention_mask", type: idType, shape: ["batch", "total"] },
  ];
  const outputs: OnnxValue[] = [
    {
      name: "logits",
      type: variant.halfLogits ? FLOAT16 : FLOAT,
      shape: ["batch", "sequence", VOCABULARY],
    },
  ];
  const nodes: OnnxNode[] = [];
  const constants: OnnxConstant[] = [
    table("value_table", VOCABULARY, WIDTH, 1),
    table("key_table", VOCABULARY, WIDTH, 2),
    table("position_table", CONTEXT, WIDTH, 3),
    table("head", WIDTH, VOCABULARY, 4),
    ...([0, 1, 2, 3] as const).map((number) => integer(`c${number}`, [number])),
    integer("c13", [1, 3]),
    integer("end", [1000]),
    integer("scalar2", 2),
    integer("scalar0", 0),
    integer("scalar1", 1),
  ];
  const add = (op: string, from: string[], to: string, attributes = {}): void => {
    nodes.push({ op, inputs: from, outputs: [to], attributes });
  };

  for (const part of ["key", "value"]) {
    add("Gather", [`${part}_table`, "input_ids"], `${part}_rows`, { axis: 0 });
    add("Unsqueeze", [`${part}_rows`, "c1"], `${part}_new`);
    if (cache) {
      inputs.push({ name: `past_key_values.0.${part}`, type: FLOAT, shape: cacheShape });
      outputs.push({ name: `present.0.${part}`, type: FLOAT, shape: cacheShape });
      add("Concat", [`past_key_values.0.${part}`, `${part}_new`], `present.0.${part}`, { axis: 2 });
    } else {
      add("Identity", [`${part}_new`], `present.0.${part}`);
    }
  }
  add("Cast", ["attention_mask"], "mask_float", { to: FLOAT });
  add("Unsqueeze", ["mask_float", "c13"], "mask_columns");
  if (obeysMask) add("Mul", ["present.0.value", "mask_columns"], "values");
  else add("Identity", ["present.0.value"], "values");
  add("CumSum", ["values", "scalar2"], "sums");
  add("Shape", ["input_ids"], "ids_shape");
  add("Gather", ["ids_shape", "c1"], "sequence_length", { axis: 0 });
  add("Neg", ["sequence_length"], "first_new");
  add("Slice", ["sums", "first_new", "end", "c2"], "sums_new");
  add("Slice", ["present.0.key", "first_new", "end", "c2"], "keys_new");
  add("Add", ["sums_new", "keys_new"], "mixed");
  add("Squeeze", ["mixed", "c1"], "mixed_rows");
  if (positions === "input") {
    inputs.push({ name: "position_ids", type: idType, shape: ["batch", "sequence"] });
    add("Gather", ["position_table", "position_ids"], "position_rows", { axis: 0 });
  } else {
    add("Shape", ["present.0.key"], "cache_shape");
    add("Gather", ["cache_shape", "scalar2"], "total_length", { axis: 0 });
    add("Range", ["scalar0", "total_length", "scalar1"], "all_columns");
    add("Slice", ["all_columns", "first_new", "end", "c0"], "columns_new");
    add("Gather", ["position_table", "columns_new"], "position_rows", { axis: 0 });
  }
  add("Add", ["mixed_rows", "position_rows"], "hidden");
  let hidden = "hidden";
  if (variant.logitsToKeep) {
    inputs.push({ name: "num_logits_to_keep", type: INT64, shape: [] });
    add("Neg", ["num_logits_to_keep"], "keep_from");
    add("Unsqueeze", ["keep_from", "c0"], "keep_from_list");
    add("Slice", ["hidden", "keep_from_list", "end", "c1"], "hidden_kept");
    hidden = "hidden_kept";
  }
  if (variant.halfLogits) {
    add("MatMul", [hidden, "head"], "logits_single");
    add("Cast", ["logits_single"], "logits", { to: FLOAT16 });
  } else {
    add("MatMul", [hidden, "head"], "logits");
  }
  if (variant.cacheBranch) inputs.push({ name: "use_cache_branch", type: BOOL, shape: [1] });
  if (variant.extraInput !== undefined) {
    inputs.push({ name: variant.extraInput, type: FLOAT, shape: ["batch"] });
  }

  await mkdir(join(folder, "onnx"), { recursive: true });
  const config = { vocab_size: VOCABULARY, n_positions: CONTEXT, n_head: 1, n_embd: WIDTH };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  const file = writeOnnx({ inputs, outputs, nodes, constants });
  await writeFile(join(folder, "onnx/model.onnx"), file);
}

/** What follows `prefix`, computed without onnxruntime. */
export function toyLogits(prefix: readonly number[]): number[] {
  const hidden = Array.from({ length: WIDTH }, (_, dimension) => {
    let sum = entry(2, WIDTH, prefix.at(-1)!, dimension);
    sum += entry(3, WIDTH, prefix.length - 1, dimension);
    for (const token of prefix) sum += entry(1, WIDTH, token, dimension);
    return sum;
  });
  return Array.from({ length: VOCABULARY }, (_, token) =>
    hidden.reduce((sum, number, dimension) => sum + number * entry(4, VOCABULARY, dimension, token), 0),
  );
}

/** The number at [row, column] of table `seed`. */
function entry(seed: number, columns: number, row: number, column: number): number {
  return Math.fround(new Random(seed * 1000 + row * columns + column).nextFloat64() - 0.5);
}

function table(name: string, rows: number, columns: number, seed: number): OnnxConstant {
  const data = Float32Array.from({ length: rows * columns }, (_, index) =>
    entry(seed, columns, Math.floor(index / columns), index % columns),
  );
  return { name, shape: [rows, columns], data };
}

function integer(name: string, value: number | readonly number[]): OnnxConstant {
  const values = typeof value === "number" ? [value] : value;
  return {
    name,
    shape: typeof value === "number" ? [] : [values.length],
    data: BigInt64Array.from(values, BigInt),
  };
}
