/** Just enough of the ONNX file format (protobuf messages of onnx.proto) to write small graphs in tests. */

export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;
export const BOOL = 9;
export const FLOAT16 = 10;

export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number>>;
}

export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const body = message(
    ...graph.nodes.map((node) => field(1, nodeMessage(node))),
    field(2, "graph"),
    ...graph.constants.map((constant) => field(5, tensorMessage(constant))),
    ...graph.inputs.map((value) => field(11, valueMessage(value))),
    ...graph.outputs.map((value) => field(12, valueMessage(value))),
  );
  return message(field(1, 8), field(7, body), field(8, message(field(1, ""), field(2, 17))));
}

function nodeMessage({ op, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      field(5, message(field(1, name), field(3, value), field(20, 2))),
    ),
  );
}

function tensorMessage({ name, shape, data }: OnnxConstant): Uint8Array {
  return message(
    ...shape.map((size) => field(1, size)),
    field(2, data instanceof Float32Array ? FLOAT : INT64),
    field(8, name),
    field(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
}

function valueMessage({ name, type, shape }: OnnxValue): Uint8Array {
  const dimensions = shape.map((size) => field(1, message(typeof size === "number" ? field(1, size) : field(2, size))));
  const tensor = message(field(1, type), field(2, message(...dimensions)));
  return message(field(1, name), field(2, message(field(1, tensor))));
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields));
}

/** A field: numbers as varints, the rest with its length. */
function field(id: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "number") {
    return message(varint(BigInt(id * 8)), varint(BigInt.asUintN(64, BigInt(value))));
  }
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return message(varint(BigInt(id * 8 + 2)), varint(BigInt(bytes.length)), bytes);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
