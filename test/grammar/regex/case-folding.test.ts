import { expect, test } from "vitest";
import { closeUnderCase } from "../../../packages/grammar/src/regex/case-folding.ts";
import { CodePointSet } from "../../../packages/grammar/src/regex/code-point-set.ts";

test.each([
  ["unicode", "iu"],
  ["legacy", "i"],
] as const)("what equals characters of ASCII, with and without u: %s", (mode, flags) => {
  for (let codePoint = 0; codePoint < 0x80; codePoint++) {
    const pattern = new RegExp(`^\\x${codePoint.toString(16).padStart(2, "0")}$`, flags);
    const equal: number[] = [];
    for (let other = 0; other < 0xd800; other++) if (pattern.test(String.fromCodePoint(other))) equal.push(other);
    const closed = closeUnderCase(CodePointSet.of([[codePoint, codePoint]]), mode);
    const members = closed.ranges.flatMap(([low, high]) =>
      Array.from({ length: high - low + 1 }, (_, index) => low + index),
    );
    expect([codePoint, members]).toEqual([codePoint, equal]);
  }
});
