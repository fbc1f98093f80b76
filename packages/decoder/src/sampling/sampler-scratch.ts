import { BlockKernel } from "./wide/block-kernel.ts";

/** From here on, the passes of a {@link BlockKernel} pay for the copy of the logits that they need. */
const WIDE = 2_048;

/**
 * The working memory of samplers: 28 bytes per token of the vocabulary, 33 for large ones. One serves any number of samplers,
 * one after the other; nothing in it outlives a call.
 */
export class SamplerScratch {
  readonly vocabularySize: number;
  /** For a matcher's `fillMask`: one bit per token. */
  readonly mask: Uint32Array;
  /** Candidates: ids, ascending. @internal */
  readonly tokens: Int32Array;
  /** Candidates: logits. @internal */
  readonly logits: Float32Array;
  /** Candidates: unnormalised probabilities, 1 for the likeliest. @internal */
  readonly weights: Float64Array;
  /** What a selection looks at more closely. @internal */
  readonly selectionKeys: Float32Array;
  /** @internal */
  readonly selectionWeights: Float64Array;
  /** Weight per bin of distances from the maximum. @internal */
  readonly bins: Float64Array = new Float64Array(1024);

  #kernel: BlockKernel | undefined | false;

  constructor(vocabularySize: number) {
    this.vocabularySize = vocabularySize;
    this.mask = new Uint32Array(Math.ceil(vocabularySize / 32));
    this.tokens = new Int32Array(vocabularySize);
    this.logits = new Float32Array(vocabularySize);
    this.weights = new Float64Array(vocabularySize);
    this.selectionKeys = new Float32Array(vocabularySize);
    this.selectionWeights = new Float64Array(vocabularySize);
  }

  /** What goes through `logitCount` logits in whole blocks; `undefined` where they are few, or it is not to be had. @internal */
  kernelFor(logitCount: number): BlockKernel | undefined {
    if (logitCount < WIDE) return undefined;
    this.#kernel ??= BlockKernel.create(this.vocabularySize) ?? false;
    return this.#kernel === false ? undefined : this.#kernel;
  }
}
