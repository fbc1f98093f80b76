/**
 * The alphabet of byte-level BPE (GPT-2's `bytes_to_unicode`): bytes that print in Latin-1 stand for themselves,
 * the other 68 are U+0100, U+0101, ... in ascending order, so that a space is `Ġ` and a line feed is `Ċ`.
 */
const BYTE_OF_CODE_UNIT: Int16Array = buildAlphabet();

function buildAlphabet(): Int16Array {
  const alphabet = new Int16Array(0x100 + 68).fill(-1);
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    alphabet[printable ? byte : next++] = byte;
  }
  return alphabet;
}

/** The bytes that a byte-level token such as `ĠHello` stands for, or `undefined` when a character is not in the alphabet. */
export function byteLevelBytes(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = BYTE_OF_CODE_UNIT[token.charCodeAt(i)];
    if (byte === undefined || byte === -1) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
