import { InvalidInputError } from "@espalier/grammar";
import { OPEN } from "../canvas/canvas-tokens.ts";
import type { DiffusionDecodeOptions } from "./diffusion-options.ts";

const COUNTS = ["blockLength", "maxStates", "beamWidth", "maxWork"] as const;

/** Refuses options out of range. @throws InvalidInputError @internal */
export function checkDiffusionOptions(options: DiffusionDecodeOptions, canvas: Int32Array): void {
  for (const name of COUNTS) {
    const value = options[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      refuse(`${name} (${value}) must be an integer, at least 1.`, name);
    }
  }
  const { candidates, temperature, model, constraint } = options;
  if (candidates !== undefined && candidates !== "all" && !(Number.isInteger(candidates) && candidates >= 1)) {
    refuse(`candidates (${candidates}) must be an integer, at least 1, or "all".`, "candidates");
  }
  if (temperature !== undefined && !(temperature >= 0 && temperature < Infinity)) {
    refuse(`temperature (${temperature}) must be a finite number, at least 0.`, "temperature");
  }
  if (canvas.length === 0) refuse("The canvas has no positions.", "canvas");
  canvas.forEach((token, position) => {
    if (token === OPEN || (Number.isInteger(token) && token >= 0 && token < model.vocabularySize)) return;
    refuse(
      `Token id ${token} at canvas[${position}] is not in the model's vocabulary of ${model.vocabularySize} tokens.`,
      `canvas[${position}]`,
    );
  });
  if (constraint !== undefined && constraint.vocabulary.size > model.vocabularySize) {
    refuse(
      `The constraint's vocabulary has ${constraint.vocabulary.size} tokens, the model ${model.vocabularySize}.`,
      "constraint",
    );
  }
}

function refuse(message: string, place: string): never {
  throw new InvalidInputError({ message, place });
}

/** @throws InvalidInputError when it is neither a length nor a list @internal */
export function canvasOf(canvas: DiffusionDecodeOptions["canvas"]): Int32Array {
  if (typeof canvas !== "number") return Int32Array.from(canvas, (token) => token ?? OPEN);
  if (!Number.isInteger(canvas) || canvas < 1) {
    throw new InvalidInputError({
      message: `The canvas (${canvas}) must be a list of tokens, or its length: an integer, at least 1.`,
      place: "canvas",
    });
  }
  return new Int32Array(canvas).fill(OPEN);
}
