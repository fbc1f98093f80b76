import type { CanvasPart } from "@espalier/decoder";
import type { Expression, Grammar } from "@espalier/grammar";

/** Pairs of places, packed: texts of something lead from one to the other. */
type Relation = ReadonlySet<number>;

const PLACES = 1_000;

/**
 * Whether some text of a grammar fits a canvas, by the textbook: the canvas as a finite automaton over letters, and for each rule the
 * pairs of its states between which a text of the rule leads, grown until nothing is added. Open-ended holes are loops, so nothing is bounded.
 */
export function fitsCanvas(
  grammar: Grammar,
  words: readonly (string | undefined)[],
  parts: readonly CanvasPart[],
): boolean {
  const canvas = canvasAutomaton(words, parts);
  const known = new Map<string, Set<number>>([...grammar.rules.keys()].map((name) => [name, new Set()]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, { expression }] of grammar.rules) {
      const relation = known.get(name)!;
      for (const pair of relationOf(expression, known, canvas)) {
        changed ||= !relation.has(pair);
        relation.add(pair);
      }
    }
  }
  const whole = known.get(grammar.start)!;
  return canvas.starts.some((start) => canvas.finals.some((final) => whole.has(start * PLACES + final)));
}

interface CanvasAutomaton {
  readonly size: number;
  readonly starts: readonly number[];
  readonly finals: readonly number[];
  readonly edges: readonly (readonly [from: number, letter: string, to: number])[];
}

/** Without empty moves: what a hole that may be empty skips is added to the edges. */
function canvasAutomaton(words: readonly (string | undefined)[], parts: readonly CanvasPart[]): CanvasAutomaton {
  let size = 1;
  const edges: [number, string, number][] = [];
  const skips: [number, number][] = [];
  const addWord = (from: number, word: string, to: number): void => {
    let at = from;
    for (let i = 0; i < word.length; i++) {
      const next = i + 1 === word.length ? to : size++;
      edges.push([at, word[i], next]);
      at = next;
    }
  };
  const texts = words.filter((word) => word !== undefined);
  let at = 0;
  for (const part of parts) {
    if ("tokens" in part) {
      for (const token of part.tokens) {
        const to = size++;
        if (words[token] !== undefined) addWord(at, words[token], to);
        at = to;
      }
      continue;
    }
    const { minTokens = 0, maxTokens = Infinity } = part.hole;
    const places = [at];
    const count = maxTokens === Infinity ? minTokens : maxTokens;
    for (let i = 0; i < count; i++) {
      const to = size++;
      for (const word of texts) addWord(places.at(-1)!, word, to);
      places.push(to);
    }
    if (maxTokens === Infinity) for (const word of texts) addWord(places.at(-1)!, word, places.at(-1)!);
    const end = size++;
    for (const place of places.slice(minTokens)) skips.push([place, end]);
    at = end;
  }
  // Skips lead forwards, so once through them from the back is enough.
  const reach = Array.from({ length: size }, (_, place) => new Set([place]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [from, to] of skips) {
      for (const place of reach[to]) {
        changed ||= !reach[from].has(place);
        reach[from].add(place);
      }
    }
  }
  return {
    size,
    starts: [...reach[0]],
    finals: [at],
    edges: edges.flatMap(([from, letter, to]) =>
      [...reach[to]].map((each) => [from, letter, each] as [number, string, number]),
    ),
  };
}

function relationOf(expression: Expression, known: ReadonlyMap<string, Relation>, canvas: CanvasAutomaton): Relation {
  const identity = new Set(Array.from({ length: canvas.size }, (_, place) => place * PLACES + place));
  const inner = (part: Expression): Relation => relationOf(part, known, canvas);
  const ofLetters = (has: (letter: string) => boolean): Relation =>
    new Set(canvas.edges.filter(([, letter]) => has(letter)).map(([from, , to]) => from * PLACES + to));
  const ofText = (text: string): Relation =>
    [...text].map((letter) => ofLetters((each) => each === letter)).reduce<Relation>(joined, identity);
  const star = (unit: Relation): Relation => {
    let all = new Set(identity);
    for (let before = -1; before < all.size;) {
      before = all.size;
      all = new Set([...all, ...joined(all, unit)]);
    }
    return all;
  };
  switch (expression.kind) {
    case "empty":
      return identity;
    case "literal":
      return ofText(expression.text);
    case "characters":
      return ofLetters((letter) =>
        expression.ranges.some(([low, high]) => letter.codePointAt(0)! >= low && letter.codePointAt(0)! <= high),
      );
    case "regex":
      // The three that random grammars have.
      switch (expression.source) {
        case "a*":
          return star(ofText("a"));
        case "(ab)*":
          return star(ofText("ab"));
        case "b+a?":
          return joined(joined(ofText("b"), star(ofText("b"))), new Set([...identity, ...ofText("a")]));
        default:
          throw new Error(`Not told how to read the pattern ${expression.source}.`);
      }
    case "reference":
      return known.get(expression.rule)!;
    case "sequence":
      return expression.items.map(inner).reduce(joined, identity);
    case "choice":
      return new Set(expression.alternatives.flatMap((alternative) => [...inner(alternative)]));
    case "repeat": {
      const unit = inner(expression.item);
      let power: Relation = identity;
      for (let count = 0; count < expression.min; count++) power = joined(power, unit);
      if (expression.max === undefined) return joined(power, star(unit));
      const all = new Set(power);
      for (let count = expression.min; count < expression.max; count++) {
        power = joined(power, unit);
        for (const pair of power) all.add(pair);
      }
      return all;
    }
    default:
      throw new Error(`Not told how to read ${expression.kind}.`);
  }
}

function joined(first: Relation, second: Relation): Relation {
  const next = new Map<number, number[]>();
  for (const pair of second) {
    const from = Math.floor(pair / PLACES);
    const targets = next.get(from);
    if (targets === undefined) next.set(from, [pair % PLACES]);
    else targets.push(pair % PLACES);
  }
  const pairs = new Set<number>();
  for (const pair of first) {
    for (const to of next.get(pair % PLACES) ?? []) pairs.add(Math.floor(pair / PLACES) * PLACES + to);
  }
  return pairs;
}
