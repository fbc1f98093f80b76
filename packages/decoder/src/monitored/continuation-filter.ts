import type { TokenId } from "@espalier/grammar";
import type { TokenText } from "../autoregressive/decode-options.ts";

interface Node {
  readonly children: Map<number, Node>;
  isEnd: boolean;
}

/**
 * Those of `tokens` with which the text can go on into one of `continuations`: tokens that begin one, and tokens that begin
 * with one; those without text where one is empty. O(bytes of the continuations + bytes of the tokens that agree with one).
 * @internal
 */
export function tokensTowards(
  continuations: readonly string[],
  tokens: Iterable<TokenId>,
  vocabulary: TokenText,
): TokenId[] {
  const root: Node = { children: new Map(), isEnd: false };
  const encoder = new TextEncoder();
  for (const continuation of continuations) addWord(root, encoder.encode(continuation));
  const kept: TokenId[] = [];
  for (const token of tokens) {
    if (token < vocabulary.size && agrees(root, vocabulary.bytes(token))) kept.push(token);
  }
  return kept;
}

function addWord(root: Node, bytes: Uint8Array): void {
  let node = root;
  for (const byte of bytes) {
    let child = node.children.get(byte);
    if (child === undefined) node.children.set(byte, (child = { children: new Map(), isEnd: false }));
    node = child;
  }
  node.isEnd = true;
}

function agrees(root: Node, bytes: Uint8Array): boolean {
  if (bytes.length === 0) return root.isEnd;
  let node = root;
  for (const byte of bytes) {
    if (node.isEnd && node !== root) return true;
    const child = node.children.get(byte);
    if (child === undefined) return false;
    node = child;
  }
  return true;
}
