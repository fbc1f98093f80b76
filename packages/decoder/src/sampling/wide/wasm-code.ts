/**
 * The few WebAssembly instructions that the block kernel is made of, as bytes. Encodings are those of the core specification 2.0
 * (https://www.w3.org/TR/wasm-core-2/, chapter 5); a name is that of the text format with `.` written as a capital letter.
 */

/** Instructions, or parts of a module: bytes, nested as is convenient. */
export type Code = number | readonly Code[];

export function flatten(code: Code, into: number[] = []): number[] {
  if (typeof code === "number") into.push(code);
  else for (const part of code) flatten(part, into);
  return into;
}

export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function signed(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = (rest >> 6 === 0 && (low & 0x40) === 0) || (rest >> 6 === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** A vector: its length, then its elements. */
export function vector(elements: readonly Code[]): Code {
  return [unsigned(elements.length), elements];
}

/** Something that is preceded by its length in bytes. */
export function sized(code: Code): Code {
  const bytes = flatten(code);
  return [unsigned(bytes.length), bytes];
}

export function name(text: string): Code {
  return vector([...new TextEncoder().encode(text)]);
}

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
export const i32Const = (value: number): Code => [0x41, signed(value)];
export const i32Add = (a: Code, b: Code): Code => [a, b, 0x6a];
export const i32Load = (address: Code): Code => [address, 0x28, 2, 0];
export const f32Add = (a: Code, b: Code): Code => [a, b, 0x92];
export const f32Max = (a: Code, b: Code): Code => [a, b, 0x97];
export const f32Store = (address: Code, value: Code): Code => [address, value, 0x38, 2, 0];
export const i32Eq = (a: Code, b: Code): Code => [a, b, 0x46];
export const i32LtU = (a: Code, b: Code): Code => [a, b, 0x49];
export const ifElse = (condition: Code, yes: Code, no: Code): Code => [condition, 0x04, 0x40, yes, 0x05, no, 0x0b];
/** Runs `body` at least once, again as long as `condition` holds. */
export const doWhile = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];

const simd = (opcode: number, ...operands: Code[]): Code => [operands, 0xfd, unsigned(opcode)];
export const v128Load = (address: Code, offset: number): Code => [simd(0x00, address), 4, unsigned(offset)];
export const v128Const = (words: Int32Array | Float32Array): Code => [
  0xfd,
  0x0c,
  Array.from(new Uint8Array(words.buffer)),
];
export const i32x4Splat = (value: Code): Code => simd(0x11, value);
export const f32x4Splat = (value: Code): Code => simd(0x13, value);
export const f32x4Lane = (vector128: Code, lane: number): Code => [simd(0x1f, vector128), lane];
export const i32x4Eq = (a: Code, b: Code): Code => simd(0x37, a, b);
export const f32x4Ne = (a: Code, b: Code): Code => simd(0x42, a, b);
export const v128And = (a: Code, b: Code): Code => simd(0x4e, a, b);
export const v128Or = (a: Code, b: Code): Code => simd(0x50, a, b);
/** Bits of `a` where `mask` has ones, of `b` elsewhere. */
export const v128Bitselect = (a: Code, b: Code, mask: Code): Code => simd(0x52, a, b, mask);
export const v128AnyTrue = (a: Code): Code => simd(0x53, a);
export const i32x4Shl = (a: Code, count: Code): Code => simd(0xab, a, count);
export const i32x4Add = (a: Code, b: Code): Code => simd(0xae, a, b);
export const f32x4Add = (a: Code, b: Code): Code => simd(0xe4, a, b);
export const f32x4Sub = (a: Code, b: Code): Code => simd(0xe5, a, b);
export const f32x4Mul = (a: Code, b: Code): Code => simd(0xe6, a, b);
/** `a < b ? b : a`, one instruction of the processor. */
export const f32x4Pmax = (a: Code, b: Code): Code => simd(0xeb, a, b);
