import { ModelError, type TokenId } from "@espalier/grammar";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { checkLogits } from "../models/check-logits.ts";
import { halvesToFloats } from "./half-floats.ts";
import { appendRun, commonBlock, gatherBlock, type CacheBlock, type CacheView } from "./key-value-cache.ts";
import type { ModelSignature } from "./model-signature.ts";
import type { TensorFactory } from "./tensor-factory.ts";

/** One row of a model call. @internal */
export interface RunnerRow {
  /** What the sequence has cached. */
  readonly view: CacheView;
  readonly tokens: readonly TokenId[];
  /** For how many of `tokens`, from the last, logits are wanted. */
  readonly positions: number;
}

/** @internal */
export interface RunnerResult {
  readonly view: CacheView;
  readonly logits: Float32Array[];
}

export interface OnnxRunnerOptions {
  readonly session: InferenceSession;
  readonly signature: ModelSignature;
  readonly tensors: TensorFactory;
  readonly vocabularySize: number;
  readonly file: string;
}

/** Turns rows of tokens and caches into one onnxruntime call and back. @internal */
export class OnnxRunner {
  readonly signature: ModelSignature;
  readonly #session: InferenceSession;
  readonly #tensors: TensorFactory;
  readonly #vocabularySize: number;
  readonly #file: string;
  readonly #outputNames: readonly string[];

  constructor(options: OnnxRunnerOptions) {
    this.signature = options.signature;
    this.#session = options.session;
    this.#tensors = options.tensors;
    this.#vocabularySize = options.vocabularySize;
    this.#file = options.file;
    this.#outputNames = ["logits", ...options.signature.caches.map(({ output }) => output)];
  }

  /**
   * One model call. Shorter rows are padded after their tokens, and padding is masked.
   * @param padded whether cached columns may be masked instead of cut out
   * @throws ModelError when onnxruntime fails or the outputs are not what they should be
   */
  async run(rows: readonly RunnerRow[], padded: boolean): Promise<RunnerResult[]> {
    const { caches } = this.signature;
    const views = rows.map(({ view }) => view);
    let block = commonBlock(views, padded && rows.length > 1);
    let pastViews = views;
    if (block === undefined) {
      block = gatherBlock(caches, views, (type, size, shape) => this.#tensors.zeros(type, size, shape));
      pastViews = views.map(({ length }) => ({
        block,
        row: 0,
        runs: length === 0 ? [] : [0, length],
        length,
      }));
    }
    const columns = Math.max(...rows.map(({ tokens }) => tokens.length));
    const kept = Math.max(1, ...rows.map(({ tokens, positions }) => columns - tokens.length + positions));
    const feeds = this.#inputs(rows, pastViews, block, columns, kept);

    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await this.#session.run(feeds, this.#outputNames);
    } catch (cause) {
      throw new ModelError({
        message: `onnxruntime failed while running ${this.#file}: ${(cause as Error).message}`,
        place: this.#file,
        cause,
      });
    }

    const logits = this.#readLogits(outputs["logits"], rows, columns);
    const total = block.columns + columns;
    const present: CacheBlock = {
      rows: rows.length,
      columns: total,
      tensors: caches.map(({ output, heads, dimension }) => {
        const tensor = outputs[output];
        this.#checkShape(output, tensor, [rows.length, heads, total, dimension]);
        return tensor;
      }),
    };
    return rows.map(({ tokens }, row) => ({
      view: {
        block: present,
        row,
        runs: appendRun(pastViews[row].runs, block.columns, block.columns + tokens.length),
        length: pastViews[row].length + tokens.length,
      },
      logits: logits[row],
    }));
  }

  #inputs(
    rows: readonly RunnerRow[],
    views: readonly CacheView[],
    past: CacheBlock,
    columns: number,
    kept: number,
  ): Record<string, Tensor> {
    const { signature } = this;
    const tensors = this.#tensors;
    const total = past.columns + columns;
    const ids = new Int32Array(rows.length * columns);
    const positions = new Int32Array(rows.length * columns);
    const mask = new Int32Array(rows.length * total);
    for (let row = 0; row < rows.length; row++) {
      const { tokens } = rows[row];
      const { runs, length } = views[row];
      for (let index = 0; index < columns; index++) {
        const real = Math.min(index, tokens.length - 1);
        ids[row * columns + index] = tokens[real];
        positions[row * columns + index] = length + real;
      }
      for (let run = 0; run < runs.length; run += 2) {
        mask.fill(1, row * total + runs[run], row * total + runs[run + 1]);
      }
      mask.fill(1, row * total + past.columns, row * total + past.columns + tokens.length);
    }
    const feeds: Record<string, Tensor> = {
      input_ids: tensors.integers(signature.inputIdsType, ids, [rows.length, columns]),
    };
    if (signature.attentionMaskType !== undefined) {
      feeds["attention_mask"] = tensors.integers(signature.attentionMaskType, mask, [rows.length, total]);
    }
    if (signature.positionIdsType !== undefined) {
      feeds["position_ids"] = tensors.integers(signature.positionIdsType, positions, [rows.length, columns]);
    }
    if (signature.hasCacheBranch) {
      feeds["use_cache_branch"] = tensors.flag(past.columns > 0);
    }
    if (signature.logitsToKeep !== undefined) {
      const { name, type } = signature.logitsToKeep;
      feeds[name] = tensors.integers(type, Int32Array.of(kept), []);
    }
    signature.caches.forEach(({ input }, index) => (feeds[input] = past.tensors[index]));
    return feeds;
  }

  #readLogits(tensor: Tensor, rows: readonly RunnerRow[], columns: number): Float32Array[][] {
    const width = this.#vocabularySize;
    // With `logitsToKeep`, the tensor holds the last positions only.
    const computed = tensor.dims[1];
    if (tensor.dims.length !== 3 || tensor.dims[0] !== rows.length || tensor.dims[2] !== width) {
      throw new ModelError({
        message: `${this.#file} gave logits of shape [${tensor.dims.join(", ")}], not [${rows.length}, ${columns}, ${width}].`,
        place: this.#file,
        hint: "config.json and the model file must come from the same export (see vocab_size).",
      });
    }
    // One position a row: the rows are all of the tensor, and views of it need no copy.
    const isTight = computed === 1;
    return rows.map(({ tokens, positions }, row) => {
      const logits: Float32Array[] = [];
      for (let index = tokens.length - positions; index < tokens.length; index++) {
        const start = (row * computed + index - (columns - computed)) * width;
        const floats = readFloats(tensor, start, start + width, isTight);
        checkLogits(floats, this.#file);
        logits.push(floats);
      }
      return logits;
    });
  }

  #checkShape(name: string, tensor: Tensor, shape: readonly number[]): void {
    if (shape.every((size, axis) => tensor.dims[axis] === size)) return;
    throw new ModelError({
      message: `${this.#file} gave ${name} of shape [${tensor.dims.join(", ")}], not [${shape.join(", ")}].`,
      place: this.#file,
      hint: "Caches that forget (sliding windows) are not supported.",
    });
  }
}

function readFloats(tensor: Tensor, start: number, end: number, mayShare: boolean): Float32Array {
  if (tensor.type === "float16") {
    // Uint16Array or, where the runtime has it, Float16Array: the same bits.
    const { buffer, byteOffset } = tensor.data as Uint16Array;
    return halvesToFloats(new Uint16Array(buffer, byteOffset + start * 2, end - start));
  }
  const data = tensor.data as Float32Array;
  return mayShare ? data.subarray(start, end) : data.slice(start, end);
}
