import type { CustomPatternMatcherFunc } from "chevrotain";

/** A token's pattern with the flag u, which chevrotain would drop. */
export function stickyPattern(source: string): CustomPatternMatcherFunc {
  const pattern = new RegExp(source, "uy");
  return (text, offset) => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
}
