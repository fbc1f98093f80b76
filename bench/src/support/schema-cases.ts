import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { seededRandom } from "./random.ts";

/** One line of a MaskBench file. */
export interface SchemaCase {
  readonly id: string;
  readonly schema: unknown;
  readonly tests: readonly { readonly valid: boolean; readonly text: string }[];
}

export interface SampleOptions {
  /** How many cases, drawn without replacement; all when undefined. They come in the order of the file. */
  readonly sample: number | undefined;
  readonly seed: number;
  /** Leave out the sample and give so many cases drawn after it: others, to warm up with. */
  readonly others?: number;
}

/** The lines of a `.jsonl` or `.jsonl.gz` file, unparsed, one at a time: the file is never in memory as a whole. */
export async function* schemaLines(path: string, { sample, seed, others }: SampleOptions): AsyncGenerator<string> {
  let chosen: Set<number> | undefined;
  if (sample !== undefined) {
    let count = 0;
    for await (const _ of linesOf(path)) count++;
    chosen = drawIndices(count, sample, seed, others);
  }
  let index = 0;
  for await (const line of linesOf(path)) if (chosen?.has(index++) ?? true) yield line;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line.trim() !== "") yield line;
}

function drawIndices(count: number, sample: number, seed: number, others = 0): Set<number> {
  const random = seededRandom(seed);
  const indices = Array.from({ length: count }, (_, index) => index);
  const size = Math.min(sample, count);
  const end = Math.min(size + others, count);
  for (let i = 0; i < end; i++) {
    const other = i + Math.floor(random() * (count - i));
    [indices[i], indices[other]] = [indices[other], indices[i]];
  }
  return new Set(others === 0 ? indices.slice(0, size) : indices.slice(size, end));
}
