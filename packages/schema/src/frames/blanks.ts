/** Whether a byte is whitespace between the tokens of JSON text (RFC 8259, section 2). */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
