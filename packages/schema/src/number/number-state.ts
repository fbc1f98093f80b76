import type { Magnitudes } from "./magnitudes.ts";

/** Exponents of scientific notation range from minus this to this: at most so many digits, leading zeros aside. */
export const MAX_EXPONENT = 9_999;

/** What has been read of a number, in terms of one text among those that lead to the same state. */
export type NumberState =
  | { readonly phase: "start" }
  | { readonly phase: "minus" }
  /** After the integer part 0. */
  | { readonly phase: "zero"; readonly side: Side }
  /** After `count` digits of an integer part that is not 0; an exponent may follow the first. */
  | { readonly phase: "integer"; readonly side: Side; readonly digits: bigint; readonly count: number }
  /** After the point and `length` digits: `digits` holds those before and after the point. */
  | {
      readonly phase: "fraction";
      readonly side: Side;
      readonly digits: bigint;
      readonly length: number;
      /** Whether an exponent may follow. */
      readonly scientific: boolean;
    }
  /** After e: exponents from `low` to `high` are right. */
  | { readonly phase: "exponent"; readonly low: number; readonly high: number; readonly minusAllowed: boolean }
  /** After e and a sign: powers from `low` to `high` are right. */
  | { readonly phase: "signed"; readonly low: number; readonly high: number }
  /** After some digits of the exponent. */
  | { readonly phase: "power"; readonly low: number; readonly high: number; readonly power: number };

/** The magnitudes on one side of 0, numbered within a machine. */
export interface Side {
  readonly id: number;
  readonly set: Magnitudes;
}
