import type { Term, TermArena } from "@espalier/grammar";
import { ipv6 } from "../network/ipv6.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";

export interface IdentifierGrammar {
  /** A scheme, and what follows it: `scheme:hier-part?query#fragment`. */
  readonly absolute: Term;
  /** `relative-part?query#fragment`. */
  readonly relative: Term;
}

/**
 * The grammar that RFC 3986 (appendix A) and RFC 3987 (section 2.2) share. They differ in the characters beyond ASCII.
 *
 * IPv4address is no alternative of its own, for each is a reg-name as well.
 *
 * @param unreserved the characters beyond ASCII that may stand for themselves, or EMPTY
 * @param queryOnly those that may do so in a query alone, or EMPTY
 */
export function identifierGrammar(arena: TermArena, unreserved: Term, queryOnly: Term): IdentifierGrammar {
  const hex = asciiClass(arena, "0-9a-fA-F");
  const encoded = arena.concat(arena.text("%"), hex, hex);
  const characters = (ascii: string): Term => arena.union(asciiClass(arena, ascii), unreserved, encoded);
  const many = (term: Term): Term => anyNumberOf(arena, term);

  const pathCharacter = characters("a-zA-Z0-9._~!$&'()*+,;=:@-");
  const slash = arena.text("/");
  const segments = many(arena.concat(slash, many(pathCharacter)));
  const nonEmptySegment = anyNumberOf(arena, pathCharacter, 1);
  const firstSegmentWithoutColon = anyNumberOf(arena, characters("a-zA-Z0-9._~!$&'()*+,;=@-"), 1);

  const authority = arena.concat(
    optional(arena, arena.concat(many(characters("a-zA-Z0-9._~!$&'()*+,;=:-")), arena.text("@"))),
    arena.union(addressLiteral(arena), many(characters("a-zA-Z0-9._~!$&'()*+,;=-"))),
    optional(arena, arena.concat(arena.text(":"), many(asciiClass(arena, "0-9")))),
  );
  const withAuthority = arena.concat(arena.text("//"), authority, segments);
  const absolutePath = arena.concat(slash, optional(arena, arena.concat(nonEmptySegment, segments)));

  const fragmentCharacter = arena.union(pathCharacter, asciiClass(arena, "/?"));
  const suffix = arena.concat(
    optional(arena, arena.concat(arena.text("?"), many(arena.union(fragmentCharacter, queryOnly)))),
    optional(arena, arena.concat(arena.text("#"), many(fragmentCharacter))),
  );
  const scheme = arena.concat(asciiClass(arena, "a-zA-Z"), many(asciiClass(arena, "a-zA-Z0-9+.-")), arena.text(":"));

  return {
    // The grammar admits nothing at all between the scheme's colon and the query; common validators do not.
    absolute: arena.concat(
      scheme,
      arena.union(withAuthority, absolutePath, arena.concat(nonEmptySegment, segments)),
      suffix,
    ),
    relative: arena.concat(
      arena.union(withAuthority, absolutePath, arena.concat(firstSegmentWithoutColon, segments), arena.text("")),
      suffix,
    ),
  };
}

/** An address in brackets, of version 6 or of a version to come. */
function addressLiteral(arena: TermArena): Term {
  const future = arena.concat(
    asciiClass(arena, "vV"),
    anyNumberOf(arena, asciiClass(arena, "0-9a-fA-F"), 1),
    arena.text("."),
    anyNumberOf(arena, asciiClass(arena, "a-zA-Z0-9._~!$&'()*+,;=:-"), 1),
  );
  return arena.concat(arena.text("["), arena.union(ipv6.term(arena), future), arena.text("]"));
}
