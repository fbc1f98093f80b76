import { createHash, type Hash } from "node:crypto";
import {
  AbortedError,
  LimitExceededError,
  part,
  PushdownAutomaton,
  type Steps,
  type TermArena,
  WorkBudget,
} from "@espalier/grammar";
import type { ContentLanguages } from "../content/content-language.ts";
import { DEFAULT_DIALECT } from "../document/dialect.ts";
import { finished, SchemaDocuments, type SchemaLookup } from "../document/schema-documents.ts";
import type { JsonSchemaOptions } from "../json-schema.ts";
import { sharedWorkspace, type Workspace } from "../workspace.ts";
import { jsonText } from "./json-text.ts";
import { SchemaChecks } from "./schema-checks.ts";
import { SchemaCompiler } from "./schema-compiler.ts";

/** Up to two blanks, or a line end and up to 40 blanks of indentation. */
export const DEFAULT_WHITESPACE = " {0,2}|\\r?\\n[ \\t]{0,40}";

const DEFAULT_MAX_DEPTH = 400;
const DEFAULT_MAX_WORK = 2_000_000;

/** Keys of documents that may not be shared: what they refer to is not part of their text. */
let unsharedCount = 0;

/** One schema on its way to an automaton: the document is read, then its root worked out. Either may be done in pieces. */
export class SchemaCompilation {
  readonly documents: SchemaDocuments;
  readonly formats: "assert" | "annotate";
  readonly contents: ContentLanguages | undefined;
  readonly #options: JsonSchemaOptions;
  readonly #workspace: Workspace = sharedWorkspace();
  /** Finds other documents; after compiling in slices, among those that were needed. */
  readonly lookup: SchemaLookup | undefined;
  readonly #reading: Generator<undefined, void>;
  #compiler: SchemaCompiler | undefined;
  #checks: SchemaChecks | undefined;
  #automaton: PushdownAutomaton | undefined;
  #text = "";
  #digest: string | undefined;
  #checked = 0;
  #work = 0;

  constructor(schema: unknown, options: JsonSchemaOptions, lookup: SchemaLookup | undefined) {
    AbortedError.throwIfAborted(options.signal);
    this.#options = options;
    this.lookup = lookup;
    this.formats = options.formats ?? "assert";
    this.contents = options.contents;
    this.documents = new SchemaDocuments({
      defaultDialect: options.dialect ?? DEFAULT_DIALECT,
      maxDepth: options.maxDepth ?? DEFAULT_MAX_DEPTH,
      lookup,
      budget: this.#newBudget(),
    });
    this.#reading = this.#read(schema);
  }

  /** Steps spent on working out the root. */
  get work(): number {
    return this.#work;
  }

  /** How many things are known that need not be worked out again when compiling goes on. */
  get remembered(): number {
    const { arena, values, satisfiability } = this.#workspace;
    return this.#checked + arena.stats.terms + arena.stats.derivatives + values.formulaCount + satisfiability.answered;
  }

  *#read(schema: unknown): Generator<undefined, void> {
    yield* this.documents.read(schema);
    const pieces = yield* jsonText(schema, this.documents.keys);
    if (pieces.length > 1 && this.lookup === undefined) {
      const hash = this.#newHash();
      for (const piece of pieces) {
        hash.update(piece);
        yield;
      }
      this.#digest = hash.digest("base64url");
    }
    this.#text = pieces.join("");
  }

  /** Reads another piece of the document; true when it is all read. */
  readOn(): boolean {
    return this.#reading.next().done === true;
  }

  /** Does what is left, and hands out the automaton. */
  finish(): PushdownAutomaton {
    if (this.#automaton === undefined) {
      finished(this.#reading);
      this.compileWithin(this.#newBudget());
    }
    return this.#automaton!;
  }

  /**
   * Works the root out within a budget. What was done when the budget ends is kept: calling again goes on from there.
   * @throws whatever the budget throws, and what compiling throws
   */
  compileWithin(budget: WorkBudget): void {
    const { whitespace = DEFAULT_WHITESPACE, propertyOrder = "schema", escapes = "any" } = this.#options;
    const { arena, values, constants } = this.#workspace;
    this.#compiler ??= new SchemaCompiler(
      values,
      constants,
      this.documents,
      { formats: this.formats, contents: this.contents },
      this.#key(),
    );
    const machine = this.#workspace.machine(whitespace, propertyOrder, escapes);
    const compiler = this.#compiler;
    this.#checks ??= new SchemaChecks(compiler);
    const checks = this.#checks;
    try {
      const frame = arena.within(budget, () => {
        arena.run(checks, () => this.#checkAll(checks, arena));
        return machine.frameOfValue(compiler.root());
      });
      this.#automaton = new PushdownAutomaton(machine, frame);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LimitExceededError({
        message: "The schema recurses deeper than the call stack allows.",
        limit: "maxDepth",
        allowed: this.#options.maxDepth ?? DEFAULT_MAX_DEPTH,
        place: "#",
        cause: error,
      });
    } finally {
      this.#work += budget.spent;
    }
  }

  *#checkAll(checks: SchemaChecks, arena: TermArena): Steps<void> {
    while (yield* part(() => checks.next())) {
      this.#checked++;
      arena.spend();
    }
  }

  #newBudget(): WorkBudget {
    const { maxWork = DEFAULT_MAX_WORK, signal } = this.#options;
    return new WorkBudget({ name: "maxWork", limit: maxWork, signal });
  }

  /** The schema as JSON text, when it has been read. */
  get text(): string {
    return this.#text;
  }

  /** The same for equal documents, and worked out when it is first asked for: their subschemas are compiled once. */
  #key(): () => string {
    const { text } = this;
    let key = this.#digest;
    return () => {
      key ??=
        this.lookup === undefined ? this.#newHash().update(text).digest("base64url") : `unshared ${unsharedCount++}`;
      return key;
    };
  }

  #newHash(): Hash {
    return createHash("sha256").update(this.#options.dialect ?? DEFAULT_DIALECT);
  }
}
