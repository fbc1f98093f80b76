import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillMasks, type Matcher, Vocabulary } from "../../packages/grammar/src/index.ts";
import { JsonSchema } from "../../packages/schema/src/index.ts";
import { llama3Vocabulary } from "../../test/support/vocabularies.ts";
import { formatNumber, formatTable } from "./support/format-table.ts";
import { svgPlot, type PlotOptions, type Series } from "./support/svg-plot.ts";
import { writeJson } from "./support/write-json.ts";

// How cost grows. Each point is the best of some repetitions after one that does not count; what is told are multiples of the first point of each series, so that
// the machine matters little.

const { values } = parseArgs({
  options: {
    "svg-dir": { type: "string" },
    repetitions: { type: "string", default: "5" },
    json: { type: "string" },
  },
});
const repetitions = Number(values.repetitions);
const vocabulary = llama3Vocabulary();

/** The vocabulary's first `size` tokens. A vocabulary of its own each time: what is remembered belongs to it. */
function firstTokens(size: number): Vocabulary {
  const tokens = Array.from({ length: size - 1 }, (_, token) => vocabulary.bytes(token));
  return new Vocabulary({ tokens: [...tokens, undefined], eosTokens: [size - 1], tokenizer: vocabulary.tokenizer });
}

function best(work: () => number): number {
  return Math.min(...Array.from({ length: repetitions }, work));
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Masks and moves over a text, in milliseconds: for the first time, and again. */
function walkMs(schema: object, text: string, over: Vocabulary): { first: number; again: number; compile: number } {
  const tokens = spell(text, over);
  const words = new Uint32Array(over.maskWords);
  let constraint!: ReturnType<JsonSchema["constraint"]>;
  const walk = (): void => {
    const matcher = constraint.matcher();
    for (const token of tokens) {
      matcher.fillMask(words);
      if (!matcher.consume(token)) throw new Error(`The text is refused: ${text.slice(0, 80)}`);
    }
  };
  const compile = timed(() => (constraint = new JsonSchema(schema).constraint(over)));
  const first = timed(walk);
  return { compile, first, again: Math.min(...Array.from({ length: 40 }, () => timed(walk))) / tokens.length };
}

/** Longest tokens first. */
function spell(text: string, over: Vocabulary): number[] {
  const bytes = new TextEncoder().encode(text);
  const spelled: number[] = [];
  const { trie } = over;
  for (let at = 0; at < bytes.length;) {
    let found = -1;
    let end = at;
    for (let node = trie.child(0, bytes[at]), next = at + 1; node !== -1; node = trie.child(node, bytes[next++])) {
      if (trie.tokenStart[node] === trie.tokenStart[node + 1]) continue;
      found = trie.tokens[trie.tokenStart[node]];
      end = next;
    }
    spelled.push(found);
    at = end;
  }
  return spelled;
}

function relative(name: string, points: readonly (readonly [number, number])[]): Series {
  return { name, points: points.map(([x, y]) => [x, y / points[0][1]]) };
}

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name"],
};
const personText = '{"name": "Ada Lovelace of London", "age": 36}';

type Walk = readonly [schema: object, text: string, over: Vocabulary];

/** The best of each figure; every repetition with a schema or a vocabulary of its own, so that nothing is remembered, and the first one not counted. */
function bestWalk(walkOf: (repetition: number) => Walk): ReturnType<typeof walkMs> {
  const walks = Array.from({ length: repetitions + 1 }, (_, repetition) => walkMs(...walkOf(repetition))).slice(1);
  const least = (figure: keyof ReturnType<typeof walkMs>): number => Math.min(...walks.map((walk) => walk[figure]));
  return { first: least("first"), again: least("again"), compile: least("compile") };
}

// Code is warm before anything counts.
for (let round = 0; round < 20; round++) walkMs(person, personText, firstTokens(1_000));

const sizes = [1_000, 4_000, 16_000, 64_000, 128_000];
const bySize = sizes.map((size) => {
  const trieMs = best(() => {
    const fresh = firstTokens(size);
    return timed(() => fresh.trie);
  });
  return { size, trieMs, ...bestWalk(() => [person, personText, firstTokens(size)]) };
});

const propertyCounts = [1, 4, 16, 64, 256, 1_024];
const byProperties = propertyCounts.map((count) => {
  const walkOf = (repetition: number): Walk => {
    const names = Array.from({ length: count }, (_, index) => `property${repetition}${index}`);
    const properties: Record<string, object> = Object.fromEntries(
      names.map((name, index) => [name, { type: ["string", "integer"][index % 2] }]),
    );
    const text = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, ["a text", 42][index % 2]])));
    return [{ type: "object", properties, required: names }, text, vocabulary];
  };
  return { count, ...bestWalk(walkOf) };
});

const depths = [1, 4, 16, 64, 256];
const byDepth = depths.map((depth) => {
  const walkOf = (repetition: number): Walk => {
    const tree = { type: "array", items: { $ref: "#/$defs/tree" }, maxItems: 10 * depth + repetition };
    return [{ $ref: "#/$defs/tree", $defs: { tree } }, "[".repeat(depth) + "]".repeat(depth), vocabulary];
  };
  return { depth, ...bestWalk(walkOf) };
});

const matcherCounts = [1, 10, 100, 1_000];
const constraint = new JsonSchema(person).constraint(vocabulary);
const personTokens = spell(personText, vocabulary);
const byMatchers = matcherCounts.map((count) => {
  const words = new Uint32Array(count * vocabulary.maskWords);
  const batchMs = best(() => {
    const matchers: Matcher[] = Array.from({ length: count }, () => constraint.matcher());
    return timed(() => {
      for (const token of personTokens) {
        fillMasks(matchers, words);
        for (const matcher of matchers) matcher.consume(token);
      }
    });
  });
  return { count, perTokenUs: (1_000 * batchMs) / personTokens.length / count };
});

const plots: Readonly<Record<string, PlotOptions>> = {
  "growth-vocabulary": {
    title: "Cost by size of the vocabulary",
    xLabel: "tokens",
    yLabel: "times the cost at 1,000 tokens",
    series: [
      relative(
        "token trie",
        bySize.map(({ size, trieMs }) => [size, trieMs]),
      ),
      relative(
        "first text",
        bySize.map(({ size, first }) => [size, first]),
      ),
      relative(
        "warm mask",
        bySize.map(({ size, again }) => [size, again]),
      ),
    ],
  },
  "growth-schema": {
    title: "Cost by number of properties",
    xLabel: "properties",
    yLabel: "times the cost with one property",
    series: [
      relative(
        "compile",
        byProperties.map(({ count, compile }) => [count, compile]),
      ),
      relative(
        "first text",
        byProperties.map(({ count, first }) => [count, first]),
      ),
      relative(
        "warm mask",
        byProperties.map(({ count, again }) => [count, again]),
      ),
    ],
  },
  "growth-depth": {
    title: "Cost by depth of nesting",
    xLabel: "arrays inside one another",
    yLabel: "times the cost at depth one",
    series: [
      relative(
        "first text",
        byDepth.map(({ depth, first }) => [depth, first]),
      ),
      relative(
        "warm mask",
        byDepth.map(({ depth, again }) => [depth, again]),
      ),
    ],
  },
  "growth-matchers": {
    title: "Cost of a mask by number of live matchers",
    xLabel: "matchers of one constraint",
    yLabel: "times the cost of a mask with one",
    series: [
      relative(
        "mask + consume",
        byMatchers.map(({ count, perTokenUs }) => [count, perTokenUs]),
      ),
    ],
  },
};

for (const [name, plot] of Object.entries(plots)) {
  console.log(`\n${plot.title} (${plot.yLabel})\n`);
  const xs = plot.series[0].points.map(([x]) => x);
  console.log(
    formatTable(
      [plot.xLabel, ...plot.series.map((series) => series.name)],
      xs.map((x, index) => [String(x), ...plot.series.map(({ points }) => formatNumber(points[index][1]))]),
    ),
  );
  const folder = values["svg-dir"];
  if (folder === undefined) continue;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.svg`), svgPlot(plot));
}
writeJson(values.json, { bySize, byProperties, byDepth, byMatchers });
