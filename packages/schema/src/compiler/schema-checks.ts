import { compileRegex, InvalidInputError, part, type Steps, type Term } from "@espalier/grammar";
import type { Located, SchemaSite } from "../document/schema-documents.ts";
import { isSchemaObject, type SchemaObject } from "../document/subschemas.ts";
import { ANYTHING, NOTHING, type ValueFormula, type ValueId } from "../formula/formula.ts";
import { activeKeywords } from "./active-keywords.ts";
import { EMPTY_SCOPE } from "./dynamic-scope.ts";
import type { SchemaCompiler } from "./schema-compiler.ts";
import { SchemaContext } from "./schema-context.ts";

/** Keywords whose values can hardly be wrong, and cost more to work out than to leave for later. */
const LEFT_FOR_LATER = new Set(["enum", "const", "format", "unevaluatedProperties", "unevaluatedItems"]);

/** Well under a millisecond. */
const NOTED_AT_A_TIME = 256;

/** Constructs that JavaScript's own parser takes and that may not be enforced: the pattern is then compiled to find out. */
const DOUBTFUL_PATTERN = /\\[1-9k]|\(\?<[=!]|\\p\{RGI|\\p\{Emoji_Key|\\p\{Basic_/;

interface Findings {
  found(located: Located): void;
  pattern(source: string, place: string): void;
}

/**
 * Looks at every keyword that an instance could meet, so that a schema that is wrong is refused when it is compiled and not
 * in the middle of a text: keywords run as in compiling, but subschemas are only noted, and patterns only parsed.
 */
export class SchemaChecks {
  readonly #compiler: SchemaCompiler;
  readonly #pending: { readonly schema: SchemaObject; readonly site: SchemaSite }[] = [];
  readonly #seen = new Set<SchemaObject>();
  readonly #patterns = new Set<string>();

  constructor(compiler: SchemaCompiler) {
    this.#compiler = compiler;
    const { schema, site } = compiler.documents.root;
    this.#note(schema, site);
  }

  /**
   * Checks one more schema; false when there is none left. What throws stays to be checked.
   * @throws InvalidInputError, UnsupportedError with the JSON Pointer of what is wrong
   */
  next(): boolean {
    const entry = this.#pending.pop();
    if (entry === undefined) return false;
    try {
      this.#compiler.values.arena.run(entry, () => this.#check(entry.schema, entry.site));
    } catch (error) {
      this.#pending.push(entry);
      throw error;
    }
    return true;
  }

  #note(schema: unknown, site: SchemaSite): void {
    if (!isSchemaObject(schema) || this.#seen.has(schema)) return;
    this.#seen.add(schema);
    this.#pending.push({ schema, site });
  }

  *#check(schema: SchemaObject, site: SchemaSite): Steps<void> {
    const found: Located[] = [];
    const context = new CheckingContext(this.#compiler, schema, site, {
      found: (located) => found.push(located),
      pattern: (source, place) => this.#checkPattern(source, place),
    });
    for (const keyword of activeKeywords(schema, site)) {
      if (LEFT_FOR_LATER.has(keyword.name)) continue;
      const { length } = found;
      const steps = yield* part(() => {
        found.length = length;
        return keyword.compile?.(schema[keyword.name], context);
      });
      if (typeof steps === "object") yield* steps;
    }
    for (let i = found.length - 1; i >= 0; i--) {
      if (i % NOTED_AT_A_TIME === 0) yield;
      this.#note(found[i].schema, found[i].site);
    }
  }

  #checkPattern(source: string, place: string): void {
    if (this.#patterns.has(source)) return;
    if (DOUBTFUL_PATTERN.test(source) || !isPattern(source)) {
      compileRegex(this.#compiler.values.arena, source, { flags: "u", fallback: true, match: "search", place });
    }
    this.#patterns.add(source);
  }
}

/** Keywords find mistakes as they do in compiling; nothing is made of what they say. */
class CheckingContext extends SchemaContext {
  readonly #tell: Findings;

  constructor(compiler: SchemaCompiler, schema: SchemaObject, site: SchemaSite, tell: Findings) {
    super(compiler, schema, site, EMPTY_SCOPE, () => {});
    this.#tell = tell;
  }

  override get onlyChecks(): boolean {
    return true;
  }

  override restrict(): void {
    // Nothing is compiled here.
  }

  override subschema(child: unknown, ...path: readonly (string | number)[]): ValueId {
    if (child === true) return ANYTHING;
    if (child === false) return NOTHING;
    if (!isSchemaObject(child)) {
      const pointer = this.pointer(...path);
      throw new InvalidInputError({
        message: `${pointer} must be a schema: an object or a boolean.`,
        place: pointer,
      });
    }
    this.#tell.found({ schema: child, site: this.compiler.documents.siteOf(child, this.site, path) });
    return ANYTHING;
  }

  override strings(
    child: unknown,
    ...path: readonly (string | number)[]
  ): Pick<ValueFormula, "string" | "outerString"> {
    this.subschema(child, ...path);
    return { string: this.arena.anyText, outerString: this.arena.anyText };
  }

  override referenced(located: Located): ValueId {
    this.#tell.found(located);
    return ANYTHING;
  }

  override resolveDynamic(reference: string, keyword: string): Located {
    return this.resolve(reference, keyword);
  }

  override pattern(source: string, ...path: readonly (string | number)[]): Term {
    this.#tell.pattern(source, this.pointer(...path));
    return this.arena.anyText;
  }
}

function isPattern(source: string): boolean {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(source, flags) instanceof RegExp;
    } catch {
      // Not with these flags; what is wrong is for the compiler to say.
    }
  }
  return false;
}
