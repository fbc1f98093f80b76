import { createHash } from "node:crypto";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { MAX_SORTABLE_TOKENS } from "./sort-tokens.ts";
import type { TokenId } from "./token-id.ts";
import { MAX_TOKEN_BYTES, TokenTrie } from "./token-trie.ts";
import type { Tokenizer } from "./tokenizer.ts";

export interface VocabularyOptions {
  /** The bytes that each token adds to the text, by id. `undefined` or empty: never spelled (special or unused). */
  readonly tokens: readonly (Uint8Array | undefined)[];
  /**
   * The tokens that end a text; they are special, whatever bytes `tokens` gives them.
   * With none, a text ends only where nothing can follow it.
   */
  readonly eosTokens: readonly TokenId[];
  /** Further tokens that are no text (begin-of-text, padding, roles), whatever bytes `tokens` gives them. */
  readonly specialTokens?: readonly TokenId[] | undefined;
  /** How special tokens are written where the tokenizer names them: `[TOOL_CALLS]`. @defaultValue none has a name */
  readonly specialTexts?: ReadonlyMap<TokenId, string> | undefined;
  /**
   * The width of the model's logits, which often exceeds the number of tokens.
   * @defaultValue `tokens.length`
   */
  readonly size?: number | undefined;
  readonly tokenizer?: Tokenizer | undefined;
}

/** A vocabulary that was checked before: what an index file holds. @internal */
export interface VocabularyParts {
  readonly flatBytes: Uint8Array;
  readonly offsets: Int32Array;
  readonly eosTokens: readonly TokenId[];
  readonly maxTokenBytes: number;
  readonly trie: TokenTrie;
  readonly tokenizer: Tokenizer | undefined;
  /** @defaultValue none has a name */
  readonly specialTexts?: ReadonlyMap<TokenId, string> | undefined;
}

/** Which bytes each token adds to the text. Immutable; share one per model. */
export class Vocabulary {
  /** The width of the model's logits; token ids are 0 .. size - 1. */
  readonly size: number;
  readonly eosTokens: readonly TokenId[];
  /** The words of a token mask: 32 tokens each. */
  readonly maskWords: number;
  /** The length of the longest token, in bytes. */
  readonly maxTokenBytes: number;
  /** Text to tokens, where the reader that made this vocabulary knew how. */
  readonly tokenizer: Tokenizer | undefined;
  /** The bytes of all tokens, one after the other, for loops that must not allocate. Read only. */
  readonly flatBytes: Uint8Array;
  /** Token `t` is `flatBytes[offsets[t] .. offsets[t + 1])`; `size + 1` entries. Read only. */
  readonly offsets: Int32Array;
  /** How special tokens are written, where the tokenizer names them. */
  readonly specialTexts: ReadonlyMap<TokenId, string>;
  readonly #spellings: Map<string, Vocabulary> = new Map();
  #trie: TokenTrie | undefined;
  #contentHash: string | undefined;

  /** @throws InvalidInputError when an id or `size` is out of range, or a token is longer than {@link MAX_TOKEN_BYTES}. */
  constructor(options: VocabularyOptions | VocabularyParts) {
    const parts = "flatBytes" in options ? options : flatten(options);
    this.size = parts.offsets.length - 1;
    this.eosTokens = Object.freeze([...new Set(parts.eosTokens)]);
    this.maskWords = Math.ceil(this.size / 32);
    this.maxTokenBytes = parts.maxTokenBytes;
    this.tokenizer = parts.tokenizer;
    this.flatBytes = parts.flatBytes;
    this.offsets = parts.offsets;
    this.#trie = parts.trie;
    this.specialTexts = parts.specialTexts ?? new Map();
  }

  /**
   * The bytes that `token` adds to the text: a view, empty for special and unused tokens.
   * @throws InvalidInputError when there is no such token.
   */
  bytes(token: TokenId): Uint8Array {
    checkedId(token, this.size, "token");
    return this.flatBytes.subarray(this.offsets[token], this.offsets[token + 1]);
  }

  /**
   * True when `token` adds no text: end-of-text, roles, padding, ids that the tokenizer never uses.
   * @throws InvalidInputError when there is no such token.
   */
  isSpecial(token: TokenId): boolean {
    checkedId(token, this.size, "token");
    return this.offsets[token] === this.offsets[token + 1];
  }

  /** The tokens that have bytes, as a trie; built on first use. */
  get trie(): TokenTrie {
    return (this.#trie ??= TokenTrie.build(this.flatBytes, this.offsets));
  }

  /** SHA-256 (hex) over size, token bytes and end-of-text tokens: equal hashes, equal masks. Computed on first use. */
  get contentHash(): string {
    return (this.#contentHash ??= createHash("sha256")
      .update(JSON.stringify([this.size, this.eosTokens.toSorted((a, b) => a - b)]))
      .update(this.offsets)
      .update(this.flatBytes)
      .digest("hex"));
  }

  /**
   * This vocabulary with some of its special tokens spelled out: they add to the output the text that the tokenizer writes them
   * with. For formats whose marks are special tokens. Tokens that end a text stay special, and names that no special token has
   * change nothing.
   *
   * O(size) the first time, then kept; the same vocabulary where nothing changes.
   * @param tokens by their texts or their ids
   */
  spelling(tokens: readonly (string | TokenId)[]): Vocabulary {
    const spelled = [...this.specialTexts].filter(
      ([token, text]) =>
        (tokens.includes(text) || tokens.includes(token)) && this.isSpecial(token) && !this.eosTokens.includes(token),
    );
    if (spelled.length === 0) return this;
    const key = spelled.map(([token]) => token).join(" ");
    let vocabulary = this.#spellings.get(key);
    if (vocabulary === undefined) {
      const bytes = Array.from({ length: this.size }, (_, token) => this.bytes(token));
      for (const [token, text] of spelled) bytes[token] = new TextEncoder().encode(text);
      const { eosTokens, tokenizer } = this;
      vocabulary = new Vocabulary({ tokens: bytes, eosTokens, tokenizer, specialTexts: this.specialTexts });
      this.#spellings.set(key, vocabulary);
    }
    return vocabulary;
  }

  /** The bytes of `ids`, one after the other. */
  decodeBytes(ids: readonly TokenId[]): Uint8Array {
    let length = 0;
    for (const id of ids) length += this.bytes(id).length;
    const text = new Uint8Array(length);
    let end = 0;
    for (const id of ids) {
      text.set(this.bytes(id), end);
      end += this.bytes(id).length;
    }
    return text;
  }

  /** The text of `ids`: their bytes as UTF-8, U+FFFD where they are not. Special tokens add nothing. */
  decode(ids: readonly TokenId[]): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.decodeBytes(ids));
  }

  /** The lowest token that is exactly `byte`, or `undefined`. */
  tokenOfByte(byte: number): TokenId | undefined {
    const { trie } = this;
    const node = trie.child(0, byte);
    if (node === -1 || trie.tokenStart[node] === trie.tokenStart[node + 1]) return undefined;
    return trie.tokens[trie.tokenStart[node]];
  }

  toString(): string {
    return `Vocabulary(${this.size} tokens, at most ${this.maxTokenBytes} bytes each, eos ${this.eosTokens.join(", ")})`;
  }
}

function checkedId(id: TokenId, size: number, place: string): TokenId {
  if (Number.isInteger(id) && id >= 0 && id < size) return id;
  throw new InvalidInputError({
    message: `Token id ${id} in ${place} is not in the vocabulary of ${size} tokens.`,
    place,
  });
}

/** The tokens of a list, one after the other. */
function flatten(options: VocabularyOptions): Omit<VocabularyParts, "trie"> & { readonly trie: undefined } {
  const { tokens, eosTokens, specialTokens = [], size = tokens.length } = options;
  if (!Number.isInteger(size) || size < tokens.length || size > MAX_SORTABLE_TOKENS) {
    throw new InvalidInputError({
      message: `The vocabulary size (${size}) must be an integer from the number of tokens (${tokens.length}) to ${MAX_SORTABLE_TOKENS}.`,
      place: "size",
    });
  }
  const withoutBytes = new Set<TokenId>();
  for (const [place, ids] of Object.entries({ eosTokens, specialTokens })) {
    for (const id of ids) withoutBytes.add(checkedId(id, size, place));
  }
  const offsets = new Int32Array(size + 1);
  let maxTokenBytes = 0;
  for (let token = 0; token < size; token++) {
    const length = withoutBytes.has(token) ? 0 : (tokens[token]?.length ?? 0);
    offsets[token + 1] = offsets[token] + length;
    if (length > maxTokenBytes) maxTokenBytes = length;
    if (length > MAX_TOKEN_BYTES) {
      throw new InvalidInputError({
        message: `Token ${token} has ${length} bytes, more than the ${MAX_TOKEN_BYTES} that a token may have.`,
        place: `tokens[${token}]`,
      });
    }
  }
  const flatBytes = new Uint8Array(offsets[size]);
  for (let token = 0; token < tokens.length; token++) {
    if (offsets[token + 1] > offsets[token]) flatBytes.set(tokens[token]!, offsets[token]);
  }
  return {
    flatBytes,
    offsets,
    eosTokens,
    maxTokenBytes,
    tokenizer: options.tokenizer,
    specialTexts: options.specialTexts ?? new Map(),
    trie: undefined,
  };
}
