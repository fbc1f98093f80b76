import type { Vocabulary } from "../../../packages/grammar/src/index.ts";

/** Byte to character, as GPT-2's byte-level BPE writes tokens: printing Latin-1 as it is, the rest from U+0100 on. */
const CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte).map((byte, _, bytes) => {
  const others = bytes.filter((other) => !prints(other));
  return String.fromCharCode(prints(byte) ? byte : 0x100 + others.indexOf(byte));
});

function prints(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

/** The tokens of a vocabulary as a tokenizer.json spells them (`Ġthe`); special ones as `<|special_ID|>`. */
export function byteLevelTokens(vocabulary: Vocabulary): string[] {
  return Array.from({ length: vocabulary.size }, (_, token) =>
    vocabulary.isSpecial(token)
      ? `<|special_${token}|>`
      : Array.from(vocabulary.bytes(token), (byte) => CHARACTERS[byte]).join(""),
  );
}
