/** Small tokenizer.json files, one of each family, in the layout that Hugging Face exports have. */

type Merge = [left: string, right: string];

export interface TokenizerFile {
  added_tokens: { id: number; content: string; special: boolean; normalized?: boolean }[];
  normalizer: unknown;
  pre_tokenizer: unknown;
  post_processor: unknown;
  decoder: unknown;
  model: Record<string, unknown> & { vocab: Record<string, number> | [string, number][] };
}

const METASPACE = "\u2581";

/** Byte to character as GPT-2's own code makes them: the printable bytes first, then the others in order. */
export function byteAlphabet(): string[] {
  const range = (from: string, to: string): number[] =>
    Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) => from.charCodeAt(0) + i);
  const printable = [...range("!", "~"), ...range("¡", "¬"), ...range("®", "ÿ")];
  const alphabet: string[] = [];
  let extra = 256;
  for (let byte = 0; byte < 256; byte++)
    alphabet[byte] = String.fromCharCode(printable.includes(byte) ? byte : extra++);
  return alphabet;
}

/** Merges that build each word from left to right, and all the pieces on the way. */
function mergesFor(words: readonly string[]): { pieces: string[]; merges: Merge[] } {
  const pieces = new Set<string>();
  const merges = new Map<string, Merge>();
  for (const word of words) {
    const [first, ...rest] = word;
    pieces.add(first);
    let left = first;
    for (const right of rest) {
      pieces.add(right);
      merges.set(`${left} ${right}`, [left, right]);
      left += right;
      pieces.add(left);
    }
  }
  return { pieces: [...pieces], merges: [...merges.values()] };
}

const numbered = (spellings: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(spellings)].map((spelling, id) => [spelling, id]));

/** Llama 3, Qwen, GPT-2: `<|im_end|>` is special, `<think>` and the two spaces are literal text. */
export function byteLevelFile(): TokenizerFile {
  const alphabet = byteAlphabet();
  const spell = (text: string): string => Array.from(Buffer.from(text, "utf8"), (byte) => alphabet[byte]).join("");
  const { pieces, merges } = mergesFor(["Hello", " world", " wörld", "日本", '{"name":'].map(spell));
  const vocab = numbered([...alphabet, ...pieces]);
  const next = Object.keys(vocab).length;
  return {
    added_tokens: [
      { id: next, content: "<|im_end|>", special: true },
      { id: next + 1, content: "<think>", special: false, normalized: false },
      { id: next + 2, content: "é  è", special: false, normalized: false },
    ],
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [{ type: "ByteLevel", add_prefix_space: false, use_regex: true }],
    },
    post_processor: null,
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", unk_token: null, vocab, merges: merges.map((merge) => merge.join(" ")) },
  };
}

const BYTE_TOKENS = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
const REPLACE_METASPACE = { type: "Replace", pattern: { String: METASPACE }, content: " " };
const REPLACE_SPACE = { type: "Replace", pattern: { String: " " }, content: METASPACE };

function sentencePieceModel(added: readonly string[]): TokenizerFile["model"] {
  const words = [`${METASPACE}Hello`, `${METASPACE}world`, `${METASPACE}${METASPACE}`, "käse", "日本"];
  const { pieces, merges } = mergesFor(words);
  const vocab = numbered([...added, ...BYTE_TOKENS, ...pieces]);
  return { type: "BPE", unk_token: "<unk>", fuse_unk: true, byte_fallback: true, vocab, merges };
}

/** Llama 2, Mistral: a space is prepended to the text and stripped again by the decoder. */
export function sentencePieceFile(): TokenizerFile {
  return {
    added_tokens: ["<unk>", "<s>", "</s>"].map((content, id) => ({ id, content, special: true })),
    normalizer: {
      type: "Sequence",
      normalizers: [{ type: "Prepend", prepend: METASPACE }, REPLACE_SPACE],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        REPLACE_METASPACE,
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: sentencePieceModel(["<unk>", "<s>", "</s>"]),
  };
}

/** Gemma: spaces are replaced and nothing is prepended; runs of spaces are added tokens. */
export function gemmaFile(): TokenizerFile {
  const model = sentencePieceModel(["<pad>", "<eos>", "<unk>", "<end_of_turn>"]);
  const twoSpaces = METASPACE + METASPACE;
  return {
    added_tokens: [
      ...["<pad>", "<eos>", "<unk>", "<end_of_turn>"].map((content, id) => ({
        id,
        content,
        special: true,
      })),
      {
        id: (model.vocab as Record<string, number>)[twoSpaces],
        content: twoSpaces,
        special: false,
        normalized: false,
      },
    ],
    normalizer: REPLACE_SPACE,
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [REPLACE_METASPACE, { type: "ByteFallback" }, { type: "Fuse" }],
    },
    model,
  };
}

/** T5, XLM-R: pieces with scores, a list. */
export function unigramFile(): TokenizerFile {
  const pieces = [METASPACE, `${METASPACE}Hello`, `${METASPACE}wor`, "ld", ..."Helowrdäß日本,!"];
  const metaspace = { type: "Metaspace", replacement: METASPACE, prepend_scheme: "always" };
  return {
    added_tokens: ["<pad>", "</s>", "<unk>"].map((content, id) => ({ id, content, special: true })),
    normalizer: null,
    pre_tokenizer: { type: "Sequence", pretokenizers: [metaspace] },
    post_processor: null,
    decoder: metaspace,
    model: {
      type: "Unigram",
      unk_id: 2,
      vocab: [
        ["<pad>", 0],
        ["</s>", 0],
        ["<unk>", 0],
        ...pieces.map((piece): [string, number] => [piece, -2 / piece.length]),
      ],
    },
  };
}
