import type { Tensor, TensorConstructor } from "onnxruntime-node";

/** Makes the tensors that a causal language model is fed. @internal */
export class TensorFactory {
  readonly #Tensor: TensorConstructor;

  constructor(constructor: TensorConstructor) {
    this.#Tensor = constructor;
  }

  /** Integers, none negative, as `int64`, or as `int32` where the model says so. */
  integers(type: Tensor.Type, values: Int32Array, shape: readonly number[]): Tensor {
    if (type === "int32") return new this.#Tensor("int32", values, shape);
    const wide = new BigInt64Array(values.length);
    // The low halves, without a BigInt for each: onnxruntime runs on little-endian machines only.
    const halves = new Int32Array(wide.buffer);
    for (let index = 0; index < values.length; index++) halves[index * 2] = values[index];
    return new this.#Tensor("int64", wide, shape);
  }

  flag(value: boolean): Tensor {
    return new this.#Tensor("bool", [value], [1]);
  }

  /** `size` zeros: floats of single or of half precision. */
  zeros(type: Tensor.Type, size: number, shape: readonly number[]): Tensor {
    return type === "float16"
      ? new this.#Tensor("float16", new Uint16Array(size), shape)
      : new this.#Tensor("float32", new Float32Array(size), shape);
  }
}
