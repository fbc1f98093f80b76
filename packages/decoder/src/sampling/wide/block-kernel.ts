import type { TokenId } from "@espalier/grammar";
import { BLOCK, blockKernelModule } from "./block-kernel-module.ts";

/** The part of the platform's WebAssembly that is used here; Node's own declarations do not have it. */
interface WebAssemblyLike {
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => {
    readonly exports: {
      maxima(logits: number, mask: number, maskEnd: number, output: number): number;
      sums(logits: number, mask: number, maskEnd: number, output: number, maximum: number, scale: number): void;
    };
  };
}

type Kernel = InstanceType<WebAssemblyLike["Instance"]>["exports"];

const PAGE_BYTES = 65_536;

let compiled: object | undefined;

/**
 * Logits of a large vocabulary by blocks of 32 tokens, the tokens of one word of a mask, with the vector instructions of
 * WebAssembly: what the likeliest allowed token of each block is worth, and what each block weighs. Whoever looks for single tokens then
 * needs to look at a few blocks only.
 *
 * Memory: 5 bytes a token. Instructions are the same on every machine, and so are results.
 */
export class BlockKernel {
  readonly blockCount: number;
  /** The logits given last; -Infinity in what is missing of the last block. */
  readonly logits: Float32Array;
  /** The mask given last. */
  readonly mask: Uint32Array;
  /** The largest allowed logit of each block, -Infinity where there is none. */
  readonly maxima: Float32Array;
  /** What the allowed tokens of each block weigh. */
  readonly sums: Float32Array;
  readonly #kernel: Kernel;

  private constructor(platform: WebAssemblyLike, vocabularySize: number) {
    compiled ??= new platform.Module(blockKernelModule());
    const blocks = Math.ceil(vocabularySize / BLOCK);
    const memory = new platform.Memory({ initial: Math.ceil((4 * blocks * (BLOCK + 3)) / PAGE_BYTES) });
    this.blockCount = blocks;
    this.logits = new Float32Array(memory.buffer, 0, blocks * BLOCK).fill(-Infinity);
    this.mask = new Uint32Array(memory.buffer, this.logits.byteLength, blocks);
    this.maxima = new Float32Array(memory.buffer, this.mask.byteOffset + this.mask.byteLength, blocks);
    this.sums = new Float32Array(memory.buffer, this.maxima.byteOffset + this.maxima.byteLength, blocks);
    this.#kernel = new platform.Instance(compiled, { kernel: { memory } }).exports;
  }

  /** A kernel, or `undefined` where the platform runs no WebAssembly with vectors. */
  static create(vocabularySize: number): BlockKernel | undefined {
    const platform = (globalThis as { readonly WebAssembly?: WebAssemblyLike }).WebAssembly;
    if (platform === undefined) return undefined;
    try {
      return new BlockKernel(platform, vocabularySize);
    } catch {
      // Without vector instructions the module is invalid; where memory is short, sampling goes on without.
      return undefined;
    }
  }

  /** Takes logits and mask (`undefined` allows all), and fills {@link maxima}. @returns whether an allowed logit is NaN */
  load(logits: Float32Array, allowed: Uint32Array | undefined): boolean {
    this.logits.set(logits);
    this.logits.fill(-Infinity, logits.length);
    return this.restrict(allowed);
  }

  /** Takes another mask for the logits given last, and fills {@link maxima}. @returns whether an allowed logit is NaN */
  restrict(allowed: Uint32Array | undefined): boolean {
    this.#allow(allowed);
    const { mask, maxima } = this;
    const maskEnd = mask.byteOffset + mask.byteLength;
    return this.#kernel.maxima(0, mask.byteOffset, maskEnd, maxima.byteOffset) !== 0;
  }

  /** The largest of {@link maxima}. */
  get maximum(): number {
    const { maxima } = this;
    // Four at a time: each comparison would wait for the one before it.
    let [a, b, c, d] = [-Infinity, -Infinity, -Infinity, -Infinity];
    let block = 0;
    for (; block + 3 < maxima.length; block += 4) {
      if (maxima[block] > a) a = maxima[block];
      if (maxima[block + 1] > b) b = maxima[block + 1];
      if (maxima[block + 2] > c) c = maxima[block + 2];
      if (maxima[block + 3] > d) d = maxima[block + 3];
    }
    for (; block < maxima.length; block++) if (maxima[block] > a) a = maxima[block];
    return Math.max(a, b, c, d);
  }

  /** The first allowed token whose logit is `maximum`, the largest of all. */
  firstOf(maximum: number): TokenId {
    const { logits, mask } = this;
    const block = this.maxima.indexOf(maximum);
    for (let word = mask[block] | 0; word !== 0; word &= word - 1) {
      const token = block * BLOCK + 31 - Math.clz32(word & -word);
      if (logits[token] === maximum) return token;
    }
    return -1;
  }

  /** log Σ e^logit over the allowed tokens, to about 1e-6; -Infinity when all are. */
  logSumExp(): number {
    const { maximum } = this;
    return maximum === -Infinity ? -Infinity : maximum + Math.log(this.weigh(maximum, 1));
  }

  #allow(allowed: Uint32Array | undefined): void {
    if (allowed === undefined) this.mask.fill(0xffff_ffff);
    else if (allowed.length > this.blockCount) this.mask.set(allowed.subarray(0, this.blockCount));
    else {
      this.mask.set(allowed);
      this.mask.fill(0, allowed.length);
    }
  }

  /**
   * Fills {@link sums} with Σ e^((logit - maximum) · scale) over the allowed tokens of each block, in single precision: the
   * relative error is below 1e-5 where scaled distances stay below 60 or so, and each weight is at least 2^-126.
   * @returns their sum
   */
  weigh(maximum: number, scale: number): number {
    const { mask, sums } = this;
    const maskEnd = mask.byteOffset + mask.byteLength;
    this.#kernel.sums(0, mask.byteOffset, maskEnd, sums.byteOffset, maximum, scale * Math.LOG2E);
    let total = 0;
    for (let block = 0; block < sums.length; block++) total += sums[block];
    return total;
  }
}
