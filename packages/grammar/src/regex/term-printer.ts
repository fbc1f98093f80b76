import type { TermStore } from "./term-store.ts";
import {
  type Term,
  KIND_BRANCH,
  KIND_BYTES,
  KIND_COMPLEMENT,
  KIND_CONCAT,
  KIND_EMPTY,
  KIND_EPSILON,
  KIND_INTERSECT,
  KIND_MACHINE,
  KIND_REPEAT,
  KIND_UNION,
  UNBOUNDED,
} from "./term.ts";

const MAX_PRINTED = 4000;

/**
 * A term as text: `∅`, `ε`, `a`, `[a-z]`, `(r|s)`, `(r&s)`, `¬(r)`, `r{1,3}`; `{a→r [b-z]→s}` is a branch, with `ε` first when it
 * holds ε, and `@3` a marker. Cut short with `…` at 4,000 characters, as a term may be of any size.
 */
export function printTerm(store: TermStore, term: Term): string {
  let text = "";
  // What is left to print, last first: terms, and the strings between them.
  const pending: (Term | string)[] = [term];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (typeof item === "string") text += item;
    else text += printOne(store, item, pending);
    if (text.length > MAX_PRINTED) return `${text.slice(0, MAX_PRINTED)}…`;
  }
  return text;
}

function printOne(store: TermStore, term: Term, pending: (Term | string)[]): string {
  const first = store.first[term];
  const second = store.second[term];
  switch (store.kinds[term]) {
    case KIND_EMPTY:
      return "∅";
    case KIND_EPSILON:
      return "ε";
    case KIND_BYTES:
      return printByteSet(store, first);
    case KIND_CONCAT:
      pending.push(second, first);
      return "";
    case KIND_UNION:
    case KIND_INTERSECT: {
      pending.push(")");
      const separator = store.kinds[term] === KIND_UNION ? "|" : "&";
      for (let i = second - 1; i >= 0; i--) {
        pending.push(store.pool[first + i]);
        if (i > 0) pending.push(separator);
      }
      return "(";
    }
    case KIND_COMPLEMENT:
      pending.push(")", first);
      return "¬(";
    case KIND_REPEAT: {
      const counts = printCounts(second, store.third[term]);
      if (store.kinds[first] === KIND_BYTES) {
        pending.push(counts, first);
        return "";
      }
      pending.push(`)${counts}`, first);
      return "(";
    }
    case KIND_BRANCH:
      pending.push("}");
      for (let i = second - 1; i >= 0; i--) {
        pending.push(store.pool[first + 2 * i + 1], "→", store.pool[first + 2 * i]);
        if (i > 0) pending.push(" ");
      }
      return store.third[term] === 1 ? "{ε " : "{";
    case KIND_MACHINE: {
      const machine = store.machines[first];
      return `<${machine.key}: ${machine.describe?.(second) ?? second}>`;
    }
  }
  return `@${first}`;
}

function printCounts(least: number, most: number): string {
  if (most !== UNBOUNDED) return least === most ? `{${least}}` : least === 0 && most === 1 ? "?" : `{${least},${most}}`;
  return least === 0 ? "*" : least === 1 ? "+" : `{${least},}`;
}

/** A set of bytes as `a`, `[a-z_]` or, with more bytes in than out, `[^"]`. */
function printByteSet(store: TermStore, set: number): string {
  const negated = store.sets.size(set) > 128;
  let inside = "";
  for (let low = 0; low < 256; low++) {
    if (store.sets.has(set, low) === negated) continue;
    let high = low;
    while (high < 255 && store.sets.has(set, high + 1) !== negated) high++;
    inside += printByte(low);
    if (high > low) inside += `${high > low + 1 ? "-" : ""}${printByte(high)}`;
    low = high;
  }
  if (negated) return inside === "" ? "any" : `[^${inside}]`;
  return store.sets.size(set) === 1 ? inside : `[${inside}]`;
}

function printByte(byte: number): string {
  if (byte <= 0x20 || byte >= 0x7f) return `\\x${byte.toString(16).padStart(2, "0")}`;
  const character = String.fromCharCode(byte);
  return "\\[](){}|&^-*+?".includes(character) ? `\\${character}` : character;
}
