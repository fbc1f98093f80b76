/** A set of bytes: bit `b & 31` of word `b >>> 5` for byte b. */
export type ByteBits = Uint32Array;

export function newByteBits(): ByteBits {
  return new Uint32Array(8);
}

export function addByte(bits: ByteBits, byte: number): void {
  bits[byte >>> 5] |= 1 << (byte & 31);
}

export function hasByte(bits: ByteBits, byte: number): boolean {
  return (bits[byte >>> 5] & (1 << (byte & 31))) !== 0;
}

/** Adds `other` to `bits`; true when that added something. */
export function addBytes(bits: ByteBits, other: ByteBits): boolean {
  let added = 0;
  for (let word = 0; word < 8; word++) {
    added |= other[word] & ~bits[word];
    bits[word] |= other[word];
  }
  return added !== 0;
}

export function isWithin(bits: ByteBits, other: ByteBits): boolean {
  for (let word = 0; word < 8; word++) if ((bits[word] & ~other[word]) !== 0) return false;
  return true;
}

export function isNoByte(bits: ByteBits): boolean {
  return bits.every((word) => word === 0);
}
