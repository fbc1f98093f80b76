import { InvalidArgumentError } from "commander";

/** Reads a number; ranges are checked where it is used. @internal */
export function numberFlag(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("It is not a number.");
  return value;
}
