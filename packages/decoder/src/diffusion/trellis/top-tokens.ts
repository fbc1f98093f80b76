import type { TokenId } from "@espalier/grammar";

/** The `count` tokens with the greatest logits, the lowest ids among equals; ascending. One pass and a small heap. @internal */
export function topTokens(row: Float32Array, count: number): TokenId[] {
  if (count >= row.length) return Array.from(row, (_, token) => token);
  // A heap of the best so far, the worst of them on top: one that comes later must be better to get in.
  const heap = new Int32Array(count);
  const isWorse = (a: TokenId, b: TokenId): boolean => row[a] < row[b] || (row[a] === row[b] && a > b);
  const sink = (start: number): void => {
    let at = start;
    const token = heap[at];
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && isWorse(heap[child + 1], heap[child])) child++;
      if (!isWorse(heap[child], token)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = token;
  };
  for (let token = 0; token < count; token++) heap[token] = token;
  for (let at = count >> 1; at-- > 0;) sink(at);
  let threshold = row[heap[0]];
  for (let token = count; token < row.length; token++) {
    if (row[token] <= threshold) continue;
    heap[0] = token;
    sink(0);
    threshold = row[heap[0]];
  }
  return Array.from(heap).sort((a, b) => a - b);
}
