import type { Constraint, TokenId } from "@espalier/grammar";
import type { TokenText } from "../../autoregressive/decode-options.ts";
import type { DiffusionModel } from "../model/diffusion-model.ts";
import type { UnmaskingPolicy } from "../policies/unmasking-policy.ts";

export interface DiffusionDecodeOptions {
  readonly model: DiffusionModel;
  /** For texts: of the finish event, and in errors. With `constraint`, its vocabulary is taken. */
  readonly vocabulary?: TokenText | undefined;
  /** The tokens before the canvas; may be empty. */
  readonly prompt: readonly TokenId[];
  /**
   * The canvas: its length in tokens, or its tokens, `undefined` where the model is to fill in. The text on it ends at its end, or at
   * an end token, behind which there is padding.
   */
  readonly canvas: number | readonly (TokenId | undefined)[];
  /** What the text must be, over the model's vocabulary. @defaultValue none: the text is free */
  readonly constraint?: Constraint | undefined;
  /** Which positions are committed after each model call. @defaultValue `confidenceThreshold()` */
  readonly policy?: UnmaskingPolicy | undefined;
  /**
   * The canvas is decided in blocks of this many positions, from the left. Blocks behind the current one are masked.
   * @defaultValue the whole canvas is one block
   */
  readonly blockLength?: number | undefined;
  /**
   * How the tokens that policies choose from are found under a constraint.
   *
   * - `trellis`: the most probable valid canvas, as a whole (or, above temperature 0, a sample)
   * - `viability`: each position's likeliest token by itself; one that leaves nothing valid is refused, and the next best is tried
   * @defaultValue "trellis"
   */
  readonly proposals?: "trellis" | "viability" | undefined;
  /**
   * What policies take for the probability of a token of the trellis.
   *
   * - `posterior`: given the model's distribution and the constraint (sum-product). What the constraint forces is certain.
   * - `model`: the model's own, as if there were no constraint
   * The posterior is only as good as the independence of positions that it assumes: it is sure of what fits, not of what is right.
   * @defaultValue "model"
   */
  readonly confidence?: "posterior" | "model" | undefined;
  /**
   * What logits are divided by; 0 takes the most probable canvas, more draws from the model's distribution over valid canvases.
   * @defaultValue 0
   */
  readonly temperature?: number | undefined;
  /** An integer from 0 to 2^53 - 1. @defaultValue a fresh one, told in the result */
  readonly seed?: number | undefined;
  /**
   * How many of the likeliest tokens the trellis takes at each open position, besides one completing token an edge; "all" for every
   * token, and exact answers for regular constraints whatever the vocabulary.
   * @defaultValue "all" up to 16,384 tokens of vocabulary, else 64
   */
  readonly candidates?: number | "all" | undefined;
  /** States a layer of the trellis may have. Beyond them the trellis is a beam. @defaultValue 1024 */
  readonly maxStates?: number | undefined;
  /** States that each layer of a beam keeps. @defaultValue 256 */
  readonly beamWidth?: number | undefined;
  /** Steps that the constraint's part of one decoding step may take. @defaultValue 20,000,000 (some seconds) */
  readonly maxWork?: number | undefined;
  /** Looked at before each model call, and while the trellis is made. */
  readonly signal?: AbortSignal | undefined;
}
