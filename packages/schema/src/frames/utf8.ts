/** The UTF-8 encoding of a code point that is no surrogate. */
export function utf8Bytes(codePoint: number): number[] {
  if (codePoint < 0x80) return [codePoint];
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), tail(codePoint)];
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), tail(codePoint >> 6), tail(codePoint)];
  return [0xf0 | (codePoint >> 18), tail(codePoint >> 12), tail(codePoint >> 6), tail(codePoint)];
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
