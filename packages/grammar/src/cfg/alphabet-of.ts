import type { TermArena } from "../regex/term-arena.ts";
import { EMPTY, type Term } from "../regex/term.ts";
import { addByte, addBytes, newByteBits, type ByteBits } from "./byte-bits.ts";

/** All bytes that the texts of a term consist of, and perhaps others. O(size of the term). */
export function alphabetOf(arena: TermArena, term: Term): ByteBits {
  const bytes = newByteBits();
  const seen = new Set<Term>([term]);
  const enter = (children: readonly Term[]): void => children.forEach((child) => seen.add(child));
  for (const one of seen) {
    arena.spend();
    switch (arena.kindOf(one)) {
      case "empty":
      case "epsilon":
        break;
      case "bytes":
        addBytes(bytes, arena.bytesOf(one)!);
        break;
      case "concat":
      case "union":
      case "repeat":
        enter(arena.childrenOf(one));
        break;
      case "intersect": {
        const children = arena.childrenOf(one);
        // What is left of a text is in all of them.
        enter(children.filter((child) => arena.kindOf(child) !== "complement").slice(0, 1));
        if (children.every((child) => arena.kindOf(child) === "complement")) return bytes.fill(0xffff_ffff);
        break;
      }
      case "branch":
        for (const byte of arena.classRepresentatives(one)) {
          if (arena.next(one, byte) !== EMPTY) addClass(bytes, arena.byteClasses(one), byte);
        }
        enter(arena.childrenOf(one));
        break;
      default:
        return bytes.fill(0xffff_ffff);
    }
  }
  return bytes;
}

/** Adds the bytes of the class of one byte. */
function addClass(bytes: ByteBits, classes: Uint8Array, of: number): void {
  for (let byte = 0; byte < 256; byte++) if (classes[byte] === classes[of]) addByte(bytes, byte);
}
