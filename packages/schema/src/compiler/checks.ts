import { InvalidInputError } from "@espalier/grammar";

/** A non-negative integer; JSON Schema allows it to be written 2.0. */
export function nonNegativeInteger(value: unknown, pointer: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw invalid("a non-negative integer", value, pointer);
}

export function finiteNumber(value: unknown, pointer: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw invalid("a number", value, pointer);
}

export function list(value: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid("an array", value, pointer);
}

export function strings(value: unknown, pointer: string): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw invalid("an array of strings", value, pointer);
}

export function record(value: unknown, pointer: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid("an object", value, pointer);
}

export function text(value: unknown, pointer: string): string {
  if (typeof value === "string") return value;
  throw invalid("a string", value, pointer);
}

export function flag(value: unknown, pointer: string): boolean {
  if (typeof value === "boolean") return value;
  throw invalid("a boolean", value, pointer);
}

/** Does work that may find that part of a keyword's value is not JSON (NaN, undefined), and says where that was. */
export function placed<T>(pointer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidInputError) || error.place !== undefined) throw error;
    throw new InvalidInputError({ message: `${error.message} It stands at ${pointer}.`, place: pointer, cause: error });
  }
}

function invalid(expected: string, value: unknown, pointer: string): InvalidInputError {
  const shown = JSON.stringify(value) ?? String(value);
  return new InvalidInputError({
    message: `${pointer} must be ${expected}, not ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}.`,
    place: pointer,
  });
}
