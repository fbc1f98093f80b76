import type { LanguageView } from "./shortest.ts";
import { EMPTY, type Term } from "./term.ts";

interface DrawableLanguage extends LanguageView {
  toString(term: Term): string;
  byteSet(words: Uint32Array): Term;
}

/** The automaton of live states from `term` on, breadth first, as a Graphviz digraph; `…` stands for what is left out. */
export function drawTerm(arena: DrawableLanguage, term: Term, maxStates: number): string {
  const lines = ["digraph {", "  rankdir=LR;"];
  // States are numbered as they are found, so that drawings do not depend on what else the arena holds.
  const numbers = new Map<Term, number>([[term, 0]]);
  let cut = false;
  for (const [state, number] of numbers) {
    const shape = arena.isNullable(state) ? "doublecircle" : "circle";
    lines.push(`  s${number} [shape=${shape}, label=${JSON.stringify(arena.toString(state).slice(0, 60))}];`);
    for (const [to, words] of edges(arena, state)) {
      if (!numbers.has(to) && numbers.size < maxStates) numbers.set(to, numbers.size);
      const target = numbers.get(to);
      cut ||= target === undefined;
      const label = JSON.stringify(arena.toString(arena.byteSet(words)));
      lines.push(`  s${number} -> ${target === undefined ? "more" : `s${target}`} [label=${label}];`);
    }
  }
  if (cut) lines.push('  more [shape=plaintext, label="…"];');
  lines.push("}");
  return lines.join("\n");
}

function edges(arena: DrawableLanguage, state: Term): Map<Term, Uint32Array> {
  const byTarget = new Map<Term, Uint32Array>();
  for (let byte = 0; byte < 256; byte++) {
    const to = arena.next(state, byte);
    if (to === EMPTY) continue;
    let words = byTarget.get(to);
    if (words === undefined) byTarget.set(to, (words = new Uint32Array(8)));
    words[byte >>> 5] |= 1 << (byte & 31);
  }
  return byTarget;
}
