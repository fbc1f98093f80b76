import { createHash } from "node:crypto";
import {
  AbortedError,
  completionOf,
  Constraint,
  InvalidInputError,
  PushdownAutomaton,
  UnsatisfiableError,
  WorkBudget,
  type Vocabulary,
} from "@espalier/grammar";
import { SchemaCompiler } from "./compiler/schema-compiler.ts";
import { DEFAULT_DIALECT, type Dialect } from "./document/dialect.ts";
import { SchemaDocuments, type SchemaLookup } from "./document/schema-documents.ts";
import type { PropertyOrder } from "./frames/object-states.ts";
import { reportOf, type EnforcementReport } from "./report.ts";
import { sharedWorkspace } from "./workspace.ts";

/** Up to two blanks, or a line end and up to 40 blanks of indentation. */
export const DEFAULT_WHITESPACE = " {0,2}|\\r?\\n[ \\t]{0,40}";

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
  /** Whether `format` refuses strings or is an annotation. @defaultValue "assert" */
  readonly formats?: "assert" | "annotate" | undefined;
  /** Other documents that references may name, by absolute URI. The network is never asked. */
  readonly resolve?: SchemaLookup | ReadonlyMap<string, unknown> | undefined;
  /** How deep schemas may nest. @defaultValue 400 */
  readonly maxDepth?: number | undefined;
  /** Steps that compiling may take. @defaultValue 2,000,000 (some seconds) */
  readonly maxWork?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A JSON Schema as a language of JSON texts. */
export class JsonSchema {
  readonly automaton: PushdownAutomaton;
  readonly #documents: SchemaDocuments;
  readonly #formats: "assert" | "annotate";

  /**
   * @throws InvalidInputError when the schema is not a schema, with the JSON Pointer of what is wrong.
   * @throws UnsupportedError when it uses something that is not enforced.
   * @throws LimitExceededError when a limit is passed.
   * @throws AbortedError when the signal fires.
   */
  constructor(schema: unknown, options: JsonSchemaOptions = {}) {
    AbortedError.throwIfAborted(options.signal);
    this.#formats = options.formats ?? "assert";
    const workspace = sharedWorkspace();
    const { arena, values, constants } = workspace;
    const budget = new WorkBudget({ name: "maxWork", limit: options.maxWork ?? 2_000_000, signal: options.signal });
    const { resolve } = options;
    const lookup = typeof resolve === "function" || resolve === undefined ? resolve : (uri: string) => resolve.get(uri);
    this.#documents = new SchemaDocuments(schema, {
      defaultDialect: options.dialect ?? DEFAULT_DIALECT,
      maxDepth: options.maxDepth ?? 400,
      lookup,
      budget,
    });
    const key = lookup === undefined ? contentKey(schema, options) : `unshared ${nextUnshared()}`;
    const compiler = new SchemaCompiler(values, constants, this.#documents, { formats: this.#formats }, key);
    const machine = workspace.machine(options.whitespace ?? DEFAULT_WHITESPACE, options.propertyOrder ?? "schema");
    const frame = arena.within(budget, () => machine.frameOfValue(compiler.root()));
    this.automaton = new PushdownAutomaton(machine, frame);
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
    return reportOf(this.#documents, this.#formats);
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
    return new Constraint({ automaton: this.automaton, vocabulary, subject: "the schema" });
  }
}

let unsharedCount = 0;

function nextUnshared(): number {
  return unsharedCount++;
}

function contentKey(schema: unknown, options: JsonSchemaOptions): string {
  return createHash("sha256")
    .update(options.dialect ?? DEFAULT_DIALECT)
    .update(jsonText(schema))
    .digest("base64url");
}

function jsonText(schema: unknown): string {
  try {
    return JSON.stringify(schema) ?? "";
  } catch (cause) {
    throw new InvalidInputError({
      message: "The schema is not JSON: it cannot be written as text.",
      place: "#",
      cause,
    });
  }
}
