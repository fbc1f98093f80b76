import {
  doWhile,
  F32,
  f32Store,
  f32x4Add,
  f32x4Lane,
  f32x4Mul,
  f32x4Ne,
  f32x4Pmax,
  f32x4Splat,
  f32x4Sub,
  flatten,
  get,
  I32,
  i32Add,
  i32Const,
  i32Eq,
  i32Load,
  i32LtU,
  i32x4Add,
  i32x4Eq,
  i32x4Shl,
  i32x4Splat,
  f32Add,
  f32Max,
  ifElse,
  name,
  set,
  sized,
  unsigned,
  V128,
  v128And,
  v128AnyTrue,
  v128Bitselect,
  v128Const,
  v128Load,
  v128Or,
  vector,
  type Code,
} from "./wasm-code.ts";

/** Tokens of a block: those of one word of a mask. */
export const BLOCK = 32;
const LANES = 4;

/** Weights below 2^-126 count as that: denormal numbers are slow. */
const LEAST_EXPONENT = -126;
/** Added to a small number, it leaves the nearest integer in the low bits of the sum. */
const ROUNDING = 1.5 * 2 ** 23;
/** 2^f for f in [-0.5, 0.5], relative error below 1e-7: the Taylor series of e^(f ln 2), highest power first. */
const POWERS_OF_TWO = [6, 5, 4, 3, 2, 1, 0].map((power) => Math.LN2 ** power / factorial(power));

const all = (value: number): Code => v128Const(new Float32Array(LANES).fill(value));
const allInt = (value: number): Code => v128Const(new Int32Array(LANES).fill(value));

/** The lanes of group `group` of a block that the word in `local` (a splat) allows, as all ones. */
function allowedLanes(local: number, group: number): Code {
  const bits = v128Const(Int32Array.from({ length: LANES }, (_, lane) => 1 << (group * LANES + lane)));
  return i32x4Eq(v128And(get(local), bits), bits);
}

function groups(body: (group: number) => Code): Code {
  return Array.from({ length: BLOCK / LANES }, (_, group) => body(group));
}

function advance(local: number, bytes: number): Code {
  return set(local, i32Add(get(local), i32Const(bytes)));
}

/** Goes through the words of the mask from `mask` to `end`, along with the logits and what is written for each block. */
function eachBlock(locals: { logits: number; mask: number; end: number; output: number }, body: Code): Code {
  return doWhile(
    [body, advance(locals.logits, 4 * BLOCK), advance(locals.output, 4), advance(locals.mask, 4)],
    i32LtU(get(locals.mask), get(locals.end)),
  );
}

/** maxima(logits, mask, maskEnd, output) -> 1 when an allowed logit is NaN */
function maxima(): Code {
  const [logits, mask, end, output, word, words, best, values, bad] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const lane = (index: number): Code => f32x4Lane(get(best), index);
  const take = (load: Code): Code => [
    set(values, load),
    set(bad, v128Or(get(bad), f32x4Ne(get(values), get(values)))),
    set(best, f32x4Pmax(get(best), get(values))),
  ];
  const masked = (group: number): Code =>
    v128Bitselect(v128Load(get(logits), 16 * group), all(-Infinity), allowedLanes(words, group));
  const body: Code = [
    set(word, i32Load(get(mask))),
    set(best, all(-Infinity)),
    ifElse(
      i32Eq(get(word), i32Const(-1)),
      groups((group) => take(v128Load(get(logits), 16 * group))),
      ifElse(get(word), [set(words, i32x4Splat(get(word))), groups((group) => take(masked(group)))], []),
    ),
    f32Store(get(output), f32Max(f32Max(lane(0), lane(1)), f32Max(lane(2), lane(3)))),
  ];
  return functionBody(
    [
      [1, I32],
      [4, V128],
    ],
    [eachBlock({ logits, mask, end, output }, body), v128AnyTrue(get(bad))],
  );
}

/** sums(logits, mask, maskEnd, output, maximum, scale): Σ 2^((logit - maximum) · scale) over the allowed tokens of each block */
function sums(): Code {
  const [logits, mask, end, output, maximum, scale, word, words, sum, values, rounded, power] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ];
  const lane = (index: number): Code => f32x4Lane(get(sum), index);
  const series = POWERS_OF_TWO.reduce<Code>(
    (code, coefficient, index) =>
      index === 0 ? all(coefficient) : f32x4Add(f32x4Mul(code, get(values)), all(coefficient)),
    [],
  );
  const exponential = (group: number): Code => [
    set(
      values,
      f32x4Pmax(
        all(LEAST_EXPONENT),
        f32x4Mul(f32x4Sub(v128Load(get(logits), 16 * group), f32x4Splat(get(maximum))), f32x4Splat(get(scale))),
      ),
    ),
    set(rounded, f32x4Add(get(values), all(ROUNDING))),
    set(values, f32x4Sub(get(values), f32x4Sub(get(rounded), all(ROUNDING)))),
    // The integer, moved to where a float has its exponent.
    set(power, i32x4Add(i32x4Shl(get(rounded), i32Const(23)), allInt(127 << 23))),
    set(power, f32x4Mul(series, get(power))),
  ];
  const add = (value: Code): Code => set(sum, f32x4Add(get(sum), value));
  const body: Code = [
    set(word, i32Load(get(mask))),
    set(sum, all(0)),
    ifElse(
      get(word),
      [
        set(words, i32x4Splat(get(word))),
        groups((group) => [exponential(group), add(v128And(get(power), allowedLanes(words, group)))]),
      ],
      [],
    ),
    f32Store(get(output), f32Add(f32Add(lane(0), lane(1)), f32Add(lane(2), lane(3)))),
  ];
  return functionBody(
    [
      [1, I32],
      [5, V128],
    ],
    eachBlock({ logits, mask, end, output }, body),
  );
}

function functionBody(locals: readonly [count: number, type: number][], code: Code): Code {
  return sized([vector(locals.map(([count, type]) => [unsigned(count), type])), code, 0x0b]);
}

/** The module: imports a memory, exports `maxima` and `sums`. */
export function blockKernelModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    flatten([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, [signature([I32, I32, I32, I32], [I32]), signature([I32, I32, I32, I32, F32, F32], [])]),
      section(2, [[name("kernel"), name("memory"), 2, 0, 1]]),
      section(3, [0, 1]),
      section(7, [
        [name("maxima"), 0, 0],
        [name("sums"), 0, 1],
      ]),
      section(10, [maxima(), sums()]),
    ]),
  );
}

function section(id: number, parts: readonly Code[]): Code {
  return [id, sized(vector(parts))];
}

function signature(parameters: readonly number[], results: readonly number[]): Code {
  return [0x60, vector(parameters), vector(results)];
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
