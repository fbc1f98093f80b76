import { InvalidInputError } from "@espalier/grammar";
import { checkCount, type AlignedSamplerOptions } from "./aligned-options.ts";

export interface SmcSamplerOptions extends AlignedSamplerOptions {
  /** Particles of a population: they run together, one model call for each token. @defaultValue 32 */
  readonly particles?: number | undefined;
  /**
   * The population is resampled when its effective size falls below this part of its particles: 0 never, 1 whenever weights differ.
   * @defaultValue 0.5
   */
  readonly resampleBelow?: number | undefined;
}

/** @throws InvalidInputError when out of range @internal */
export function checkSmcOptions(options: SmcSamplerOptions): { particles: number; resampleBelow: number } {
  const { particles = 32, resampleBelow = 0.5 } = options;
  checkCount("particles", particles, 1);
  if (!(resampleBelow >= 0 && resampleBelow <= 1)) {
    throw new InvalidInputError({
      message: `resampleBelow (${resampleBelow}) must be a number from 0 to 1.`,
      place: "resampleBelow",
    });
  }
  return { particles, resampleBelow };
}
