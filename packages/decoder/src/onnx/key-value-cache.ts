import type { Tensor, TypedTensor } from "onnxruntime-node";

/**
 * Keys and values live in *blocks*: what one model call returned, one tensor per cache input, each
 * [rows, heads, columns, dimension]. A block never changes. A sequence holds a *view* of a block: its row, and which of
 * the row's columns are its own, as runs [start, end); other columns are padding of a batch, or were rewound.
 *
 * So forks and rewinds copy nothing, and a batch that stays together is handed back to the model as it came out.
 * Only when sequences change company (or the holes grow) are their columns gathered into a new block.
 */

/** One cache input of the model and the output that replaces it. @internal */
export interface CacheLayout {
  readonly input: string;
  readonly output: string;
  readonly type: Tensor.Type;
  readonly heads: number;
  readonly dimension: number;
}

/** @internal */
export interface CacheBlock {
  readonly rows: number;
  readonly columns: number;
  /** In the order of the layouts. */
  readonly tensors: readonly Tensor[];
}

/** @internal */
export interface CacheView {
  readonly block: CacheBlock | undefined;
  readonly row: number;
  /** start, end, start, end, …: ascending. */
  readonly runs: readonly number[];
  /** Columns in the runs. */
  readonly length: number;
}

/** @internal */
export const EMPTY_VIEW: CacheView = { block: undefined, row: 0, runs: [], length: 0 };

/** Holes that a batch may carry along before it is gathered anew: this many, or a quarter of the longest sequence. */
const FEW_HOLES = 32;

/** The first `length` columns of a view. @internal */
export function truncateView(view: CacheView, length: number): CacheView {
  if (length === view.length) return view;
  if (length === 0) return EMPTY_VIEW;
  const runs: number[] = [];
  let left = length;
  for (let index = 0; left > 0; index += 2) {
    const start = view.runs[index];
    const end = Math.min(view.runs[index + 1], start + left);
    runs.push(start, end);
    left -= end - start;
  }
  return { ...view, runs, length };
}

/** A view's runs, with [start, end) added. @internal */
export function appendRun(runs: readonly number[], start: number, end: number): number[] {
  if (runs.at(-1) === start) return [...runs.slice(0, -1), end];
  return [...runs, start, end];
}

/**
 * The block that the views already are, row by row, or `undefined` when they must be gathered.
 * @param holesAllowed whether the model can be told to overlook columns
 * @internal
 */
export function commonBlock(views: readonly CacheView[], holesAllowed: boolean): CacheBlock | undefined {
  const { block } = views[0];
  if (block === undefined || block.rows !== views.length) return undefined;
  let longest = 0;
  for (let row = 0; row < views.length; row++) {
    const view = views[row];
    if (view.block !== block || view.row !== row) return undefined;
    if (!holesAllowed && view.length !== block.columns) return undefined;
    longest = Math.max(longest, view.length);
  }
  return block.columns - longest <= Math.max(FEW_HOLES, longest / 4) ? block : undefined;
}

/**
 * Copies the views' columns into a new block, one row each, aligned at column 0, zeros after shorter ones.
 * @internal
 */
export function gatherBlock(
  layouts: readonly CacheLayout[],
  views: readonly CacheView[],
  makeTensor: (type: Tensor.Type, size: number, shape: readonly number[]) => Tensor,
): CacheBlock {
  const rows = views.length;
  const columns = Math.max(...views.map((view) => view.length));
  const tensors = layouts.map(({ type, heads, dimension }, index) => {
    const target = makeTensor(type, rows * heads * columns * dimension, [rows, heads, columns, dimension]);
    const to = target.data as Elements;
    for (let row = 0; row < rows; row++) {
      const { block, row: sourceRow, runs } = views[row];
      if (block === undefined) continue;
      const from = block.tensors[index].data as Elements;
      for (let head = 0; head < heads; head++) {
        const source = (sourceRow * heads + head) * block.columns;
        let column = (row * heads + head) * columns;
        for (let run = 0; run < runs.length; run += 2) {
          const start = (source + runs[run]) * dimension;
          const end = (source + runs[run + 1]) * dimension;
          to.set(from.subarray(start, end), column * dimension);
          column += runs[run + 1] - runs[run];
        }
      }
    }
    return target;
  });
  return { rows, columns, tensors };
}

/** The typed arrays of float tensors all have these two methods; half floats come as 16-bit integers or floats. */
type Elements = TypedTensor<"float32">["data"];
