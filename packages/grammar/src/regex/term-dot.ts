import type { LanguageView } from "./shortest.ts";
import { EMPTY, type Term } from "./term.ts";

interface DrawableLanguage extends LanguageView {
  toString(term: Term): string;
  byteSet(words: Uint32Array): Term;
}

/** The automaton of live states from `term` on, breadth first, as a Graphviz digraph; `…` stands for what is left out. */
export function drawTerm(arena: DrawableLanguage, term: Term, maxStates: number): string {
  const lines = ["digraph {", "  rankdir=LR;"];
  const states: Term[] = [term];
  const seen = new Set(states);
  let cut = false;
  for (const state of states) {
    const shape = arena.isNullable(state) ? "doublecircle" : "circle";
    lines.push(`  s${state} [shape=${shape}, label=${JSON.stringify(arena.toString(state).slice(0, 60))}];`);
    for (const [to, words] of edges(arena, state)) {
      if (!seen.has(to) && seen.size < maxStates) {
        seen.add(to);
        states.push(to);
      }
      const label = JSON.stringify(arena.toString(arena.byteSet(words)));
      if (!seen.has(to)) cut = true;
      lines.push(`  s${state} -> ${seen.has(to) ? `s${to}` : "more"} [label=${label}];`);
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
