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

/** Shard number `shard` (from 1) of so many. */
export interface Shard {
  readonly shard: number;
  readonly of: number;
}

export interface SampleOptions {
  /** How many cases, drawn without replacement; all when undefined. They come in the order of the file. */
  readonly sample: number | undefined;
  readonly seed: number;
  /** Only every `of`-th of the cases: the shards of one sample make it up. @defaultValue all of them */
  readonly shard?: Shard | undefined;
  /** Leave out the sample and give so many cases drawn after it: others, to warm up with. */
  readonly others?: number;
}

/** The lines of a `.jsonl` or `.jsonl.gz` file, unparsed, one at a time: the file is never in memory as a whole. */
export async function* schemaLines(
  path: string,
  { sample, seed, others, shard }: SampleOptions,
): AsyncGenerator<string> {
  let chosen: Set<number> | undefined;
  if (sample !== undefined) {
    let count = 0;
    for await (const _ of linesOf(path)) count++;
    chosen = drawIndices(count, sample, seed, others);
  }
  let index = 0;
  let place = 0;
  for await (const line of linesOf(path)) {
    if (chosen?.has(index++) === false) continue;
    if (shard === undefined || place++ % shard.of === shard.shard - 1) yield line;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line.trim() !== "") yield line;
}

/**
 * Which cases `--shard 2/8` asks for.
 * @throws Error when it is no such text
 */
export function shardOf(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [shard, of] = (/^([1-9][0-9]*)\/([1-9][0-9]*)$/u.exec(text)?.slice(1) ?? []).map(Number);
  if (shard === undefined || of === undefined || shard > of) throw new Error(`--shard ${text} is none of 1/n to n/n.`);
  return { shard, of };
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
