import type { TrellisLayer } from "./trellis.ts";

export interface TrimmedTrellis {
  readonly nodes: Int32Array[];
  readonly layers: TrellisLayer[];
}

/**
 * Removes the nodes from which no node of the last layer that `isFinal` accepts can be reached, and their edges. O(edges).
 * @internal
 */
export function trimTrellis(
  nodes: readonly Int32Array[],
  layers: readonly TrellisLayer[],
  isFinal: (state: number) => boolean,
): TrimmedTrellis {
  const trimmedNodes: Int32Array[] = [];
  const trimmedLayers: TrellisLayer[] = [];
  const last = nodes.length - 1;
  // For each node of the layer behind the current one: its new number plus one, or 0.
  let kept = new Int32Array(nodes[last].length);
  let keptCount = 0;
  nodes[last].forEach((state, node) => {
    if (isFinal(state)) kept[node] = ++keptCount;
  });
  trimmedNodes[last] = nodes[last].filter((_, node) => kept[node] > 0);
  for (let position = last - 1; position >= 0; position--) {
    const { from, to, label } = layers[position];
    const useful = new Int32Array(nodes[position].length);
    let edgeCount = 0;
    for (let edge = 0; edge < to.length; edge++) {
      if (kept[to[edge]] === 0) continue;
      edgeCount++;
      useful[from[edge]] = 1;
    }
    keptCount = 0;
    for (let node = 0; node < useful.length; node++) if (useful[node] === 1) useful[node] = ++keptCount;
    const layer = {
      from: new Int32Array(edgeCount),
      to: new Int32Array(edgeCount),
      label: new Int32Array(edgeCount),
    };
    let write = 0;
    for (let edge = 0; edge < to.length; edge++) {
      if (kept[to[edge]] === 0) continue;
      layer.from[write] = useful[from[edge]] - 1;
      layer.to[write] = kept[to[edge]] - 1;
      layer.label[write++] = label[edge];
    }
    trimmedLayers[position] = layer;
    trimmedNodes[position] = nodes[position].filter((_, node) => useful[node] > 0);
    kept = useful;
  }
  return { nodes: trimmedNodes, layers: trimmedLayers };
}
