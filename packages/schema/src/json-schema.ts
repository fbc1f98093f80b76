import {
  completionOf,
  Constraint,
  type PushdownAutomaton,
  UnsatisfiableError,
  type Vocabulary,
} from "@espalier/grammar";
import { compileInSlices } from "./compiler/compile-in-slices.ts";
import { SchemaCompilation } from "./compiler/schema-compilation.ts";
import type { ContentLanguages } from "./content/content-language.ts";
import type { Dialect } from "./document/dialect.ts";
import type { SchemaDocuments, SchemaLookup } from "./document/schema-documents.ts";
import type { EscapePolicy } from "./frames/escapes.ts";
import type { PropertyOrder } from "./frames/object-states.ts";
import { reportOf, type EnforcementReport } from "./report.ts";

export interface JsonSchemaOptions {
  /** The draft of schemas that do not say with `$schema`. @defaultValue "2020-12" */
  readonly dialect?: Dialect | undefined;
  /**
   * In which order properties are written: as the schema lists them, others after them; or in any order.
   * @defaultValue "schema"
   */
  readonly propertyOrder?: PropertyOrder | undefined;
  /**
   * What may stand between the tokens of the JSON text, as a regular expression over blanks, tabs and line ends.
   * @defaultValue up to two blanks, or a line end and up to 40 blanks or tabs
   */
  readonly whitespace?: string | undefined;
  /**
   * Which escapes strings may use: any that spell an allowed text, or only those without which it could not be written
   * (quotes, backslashes and control characters). @defaultValue "any"
   */
  readonly escapes?: EscapePolicy | undefined;
  /** Whether `format` refuses strings or is an annotation. @defaultValue "assert" */
  readonly formats?: "assert" | "annotate" | undefined;
  /**
   * What the decoded text of a string must be whose schema has this `contentMediaType`, and no `contentEncoding`: SQL, say. A regular
   * expression joins the other conditions on the string; a grammar or an automaton must be the only one, and stand where nothing asks
   * for the strings that are not in it (UnsupportedError otherwise).
   * @defaultValue none: media types are annotations
   */
  readonly contents?: ContentLanguages | undefined;
  /** Other documents that references may name, by absolute URI. The network is never asked. */
  readonly resolve?: SchemaLookup | ReadonlyMap<string, unknown> | undefined;
  /** How deep schemas may nest. @defaultValue 400 */
  readonly maxDepth?: number | undefined;
  /** Steps that compiling may take. @defaultValue 2,000,000 (some seconds) */
  readonly maxWork?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** {@link JsonSchemaOptions} for {@link JsonSchema.compile}. */
export interface AsyncJsonSchemaOptions extends Omit<JsonSchemaOptions, "resolve"> {
  /** As {@link JsonSchemaOptions.resolve}, and it may take its time: read a file, say. */
  readonly resolve?: ((uri: string) => unknown) | ReadonlyMap<string, unknown> | undefined;
  /** Compiling hands the event loop back about this often, in milliseconds. @defaultValue 4 */
  readonly sliceMs?: number | undefined;
}

const compiled: unique symbol = Symbol("compiled");

/** A JSON Schema as a language of JSON texts. */
export class JsonSchema {
  readonly automaton: PushdownAutomaton;
  /** Steps of work that compiling took: what `maxWork` limits, and an estimate of what the schema costs. */
  readonly work: number;
  readonly #documents: SchemaDocuments;
  readonly #formats: "assert" | "annotate";
  readonly #contents: ContentLanguages | undefined;
  readonly #renew: () => PushdownAutomaton;

  /**
   * Compiles at once. What texts do not reach is worked out when they do.
   * @throws InvalidInputError when the schema is not a schema, with the JSON Pointer of what is wrong.
   * @throws UnsupportedError when it uses something that is not enforced.
   * @throws LimitExceededError when a limit is passed.
   * @throws AbortedError when the signal fires.
   */
  constructor(schema: unknown, options: JsonSchemaOptions & { readonly [compiled]?: SchemaCompilation } = {}) {
    const compilation = options[compiled] ?? new SchemaCompilation(schema, options, lookupOf(options.resolve));
    this.automaton = compilation.finish();
    this.#documents = compilation.documents;
    this.work = compilation.work;
    this.#formats = compilation.formats;
    this.#contents = compilation.contents;
    this.#renew = renewal(compilation.text, options, compilation.lookup);
  }

  /**
   * Compiles in slices of a few milliseconds, so that a server goes on serving, and may wait for other documents.
   * @throws as the constructor does
   */
  static async compile(schema: unknown, options: AsyncJsonSchemaOptions = {}): Promise<JsonSchema> {
    const { resolve, sliceMs, ...others } = options;
    const compilation = await compileInSlices(schema, others, resolve, sliceMs ?? 4);
    return new JsonSchema(schema, { ...others, [compiled]: compilation });
  }

  get isSatisfiable(): boolean {
    return this.automaton.start !== 0;
  }

  /** A short valid output, or undefined when there is none. */
  get shortest(): string | undefined {
    if (!this.isSatisfiable) return undefined;
    return new TextDecoder().decode(completionOf(this.automaton, this.automaton.start));
  }

  /** What is enforced, by JSON Pointer. */
  get report(): EnforcementReport {
    return reportOf(this.#documents, this.#formats, this.#contents);
  }

  /**
   * The schema compiled against a vocabulary.
   * @throws UnsatisfiableError when no value satisfies the schema, or the vocabulary can spell none.
   */
  constraint(vocabulary: Vocabulary): Constraint {
    if (!this.isSatisfiable) {
      throw new UnsatisfiableError({
        message: "No JSON value satisfies the schema.",
        place: "#",
        hint: "Look for contradictions: bounds that cross, an empty enum, required properties that cannot be met, recursion without a base case.",
      });
    }
    return new Constraint({ automaton: this.automaton, vocabulary, subject: "the schema", renew: this.#renew });
  }
}

/**
 * Compiles the schema anew, as it was. Holds on to its text, and to nothing that compiling it made: a constraint that nobody uses
 * costs no more than that.
 */
function renewal(
  text: string,
  { resolve: _resolve, signal: _signal, ...options }: JsonSchemaOptions & { readonly [compiled]?: SchemaCompilation },
  lookup: SchemaLookup | undefined,
): () => PushdownAutomaton {
  const kept: JsonSchemaOptions & { [compiled]?: SchemaCompilation } = { ...options };
  delete kept[compiled];
  return () => new SchemaCompilation(JSON.parse(text), kept, lookup).finish();
}

function lookupOf(resolve: JsonSchemaOptions["resolve"]): SchemaLookup | undefined {
  return typeof resolve === "function" || resolve === undefined ? resolve : (uri) => resolve.get(uri);
}
