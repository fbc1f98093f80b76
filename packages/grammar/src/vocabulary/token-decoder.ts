import { UnsupportedError } from "../errors/unsupported-error.ts";
import { byteLevelBytes } from "./byte-level-alphabet.ts";
import type { JsonReader } from "./json-reader.ts";

/** The bytes that a token's spelling in the file stands for; `isAdded` when it comes from `added_tokens`. */
export type TokenDecoder = (spelling: string, isAdded: boolean) => Uint8Array;

/** More decoder steps than this are no tokenizer's; also what ends a decoder that contains itself. */
const MAX_DECODER_STEPS = 64;
/** Real decoders strip one space. */
const MAX_STRIP = 64;

const METASPACE = "\u2581";
const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * Turns the `decoder` section of a tokenizer.json into a function from one token to its bytes.
 *
 * A decoder is defined on whole texts. What it does to each token alone is what the token adds to a *running* text, and that
 * is what is taken here. So the space that SentencePiece decoders cut off at the very start of a text (`Metaspace`,
 * `Strip` after `Fuse`) is kept: `▁Hello` is ` Hello`, as it is after any prompt. Decoders in which a token's bytes
 * depend on its neighbours (WordPiece, BPEDecoder, CTC) are refused.
 *
 * @param file the whole tokenizer.json
 * @throws InvalidInputError when the section is malformed.
 * @throws UnsupportedError when tokens have no bytes of their own under this decoder.
 */
export function tokenDecoder(file: JsonReader): TokenDecoder {
  const { encodesBytes, rewrites } = readSteps(file);
  const encoder = new TextEncoder();
  if (encodesBytes === "byte-level") {
    // Characters outside the alphabet mean that the token was never byte-level: it is literal text, like added tokens.
    return (spelling, isAdded) => (isAdded ? undefined : byteLevelBytes(spelling)) ?? encoder.encode(spelling);
  }
  return (spelling) => {
    const byte = encodesBytes === "byte-fallback" ? BYTE_TOKEN.exec(spelling) : null;
    if (byte !== null) return Uint8Array.of(Number.parseInt(byte[1], 16));
    let text = spelling;
    for (const rewrite of rewrites) text = rewrite(text);
    return encoder.encode(text);
  };
}

interface DecoderSteps {
  readonly encodesBytes: "byte-level" | "byte-fallback" | "never";
  readonly rewrites: ((text: string) => string)[];
}

function readSteps(file: JsonReader): DecoderSteps {
  const rewrites: ((text: string) => string)[] = [];
  let encodesBytes: DecoderSteps["encodesBytes"] = file.get("model").get("byte_fallback").flag()
    ? "byte-fallback"
    : "never";
  let isFused = false;
  for (const step of flatten(decoderSection(file), "decoders")) {
    const type = step.get("type").string();
    if (type === "ByteLevel") {
      encodesBytes = "byte-level";
    } else if (type === "ByteFallback") {
      encodesBytes = "byte-fallback";
    } else if (type === "Fuse") {
      isFused = true;
    } else if (type === "Metaspace") {
      rewrites.push(replaceAll(metaspaceCharacter(step), " "));
    } else if (type === "Replace") {
      rewrites.push(readReplace(step, isFused));
    } else if (type === "Strip") {
      rewrites.push(readStrip(step, isFused));
    } else {
      refuse(step, `The decoder ${JSON.stringify(type)} gives a token no bytes of its own`);
    }
  }
  return { encodesBytes, rewrites };
}

/** The decoder, or what the pre-tokenizer says where a file has none. */
function decoderSection(file: JsonReader): JsonReader {
  const decoder = file.get("decoder");
  if (!decoder.isAbsent) return decoder;
  const preTokenizer = file.get("pre_tokenizer");
  const steps = preTokenizer.isAbsent ? [] : flatten(preTokenizer, "pretokenizers");
  const inverse = steps.find((step) => ["ByteLevel", "Metaspace"].includes(step.get("type").string()));
  return inverse ?? refuse(decoder, "Without a decoder, tokens are words that are joined by spaces");
}

/** The steps of a section, with those of a `Sequence` (and of one within it) in its place. */
function flatten(section: JsonReader, listKey: string): JsonReader[] {
  const steps: JsonReader[] = [];
  const pending = [section];
  for (let visited = 0; pending.length > 0; visited++) {
    const step = pending.pop()!;
    if (visited >= MAX_DECODER_STEPS) refuse(section, `It has more than ${MAX_DECODER_STEPS} steps`);
    if (step.get("type").string() !== "Sequence") steps.push(step);
    else
      pending.push(
        ...step
          .get(listKey)
          .items()
          .slice(0, MAX_DECODER_STEPS + 1)
          .reverse(),
      );
  }
  return steps;
}

function metaspaceCharacter(step: JsonReader): string {
  const name = step.get("replacement").isAbsent ? "str_rep" : "replacement";
  const character = step.get(name).isAbsent ? METASPACE : step.get(name).string();
  return character === "" ? step.get(name).fail("a character") : character;
}

function readReplace(step: JsonReader, isFused: boolean): (text: string) => string {
  const pattern = step.get("pattern").get("String");
  if (pattern.isAbsent) refuse(step, "It replaces by a regular expression");
  const content = step.get("content").isAbsent ? "" : step.get("content").string();
  if (pattern.string() === "") pattern.fail("some text");
  // Also what keeps a chain of replacements from growing without end.
  if (content.length > pattern.string().length) refuse(step, "It replaces text by longer text");
  if (isFused && [...pattern.string()].length > 1) refuse(step, "It replaces text that may span tokens");
  return replaceAll(pattern.string(), content);
}

function readStrip(step: JsonReader, isFused: boolean): (text: string) => string {
  const content = step.get("content").string();
  const [start, stop] = ["start", "stop"].map((key) => (step.get(key).isAbsent ? 0 : step.get(key).index(MAX_STRIP)));
  if (isFused) {
    if (stop > 0) refuse(step, "It takes away the end of the text");
    return (text) => text;
  }
  return (text) => {
    let from = 0;
    let to = text.length;
    while (from < start && text[from] === content) from++;
    while (to > from && text.length - to < stop && text[to - 1] === content) to--;
    return text.slice(from, to);
  };
}

function replaceAll(pattern: string, content: string): (text: string) => string {
  return (text) => text.replaceAll(pattern, () => content);
}

function refuse(step: JsonReader, reason: string): never {
  throw new UnsupportedError({
    message: `The tokenizer cannot be read as a list of token bytes: ${reason}, at ${step.place}.`,
    place: step.place,
    hint: "Give the bytes of each token to vocabularyFromBytes.",
  });
}
