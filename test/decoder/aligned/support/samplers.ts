import {
  AsapSampler,
  MaskedSampler,
  RejectionSampler,
  SmcSampler,
  type AlignedSampler,
  type AlignedSamplerOptions,
} from "@espalier/decoder";

/** Each implementation, by name. */
export const SAMPLERS: readonly (readonly [string, (options: AlignedSamplerOptions) => AlignedSampler])[] = [
  ["masked", (options) => new MaskedSampler(options)],
  ["ASAp", (options) => new AsapSampler(options)],
  ["rejection", (options) => new RejectionSampler(options)],
  ["SMC", (options) => new SmcSampler({ ...options, particles: 8, resampleBelow: 0.7 })],
];
