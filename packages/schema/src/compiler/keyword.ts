import type { Steps, Term, TermArena } from "@espalier/grammar";
import type { ContentLanguages } from "../content/content-language.ts";
import type { Dialect } from "../document/dialect.ts";
import type { Located, SchemaSite } from "../document/schema-documents.ts";
import type { ObjectKeys } from "../document/object-keys.ts";
import type { SchemaObject } from "../document/subschemas.ts";
import type { ConstantValues } from "../formula/constant-values.ts";
import type { ValueFormula, ValueId } from "../formula/formula.ts";
import type { ValueAlgebra, ValueParts } from "../formula/value-algebra.ts";
import type { DynamicScope } from "./dynamic-scope.ts";

/** What a keyword does with an instance. */
export type KeywordKind =
  /** Refuses instances. */
  | "assertion"
  /** Applies subschemas. */
  | "applicator"
  /** Names and finds schemas. */
  | "core"
  /** Says something to people only. */
  | "annotation";

/** One keyword of JSON Schema, as every file in `keywords/` describes it. */
export interface Keyword {
  readonly name: string;
  readonly kind: KeywordKind;
  /** The drafts in which the keyword means this. */
  readonly dialects: readonly Dialect[];
  /** What is enforced, in a few words, for the report and the documentation. */
  readonly enforces: string;
  /** Set where the keyword never refuses strings, numbers and literals. */
  readonly onlyFor?: "containers";
  /** The keyword of the same schema that does this one's work (`then` is done by `if`). */
  readonly doneBy?: string;
  /** Narrows the schema's set of values: in steps where the value may be large. Absent for annotations and for keywords done by another. */
  compile?(value: unknown, context: KeywordContext): void | Steps<void>;
}

/** The schema object that a keyword stands in, and what the keyword may do. */
export interface KeywordContext {
  readonly schema: SchemaObject;
  readonly site: SchemaSite;
  readonly scope: DynamicScope;
  readonly values: ValueAlgebra;
  readonly arena: TermArena;
  readonly constants: ConstantValues;
  readonly options: CompilerOptions;
  /** For objects that may be large. */
  readonly keys: ObjectKeys;
  /** True when the keyword is only looked through for mistakes, subschemas included: nothing need be made of its value. */
  readonly onlyChecks: boolean;
  /** Keeps the values whose part of the given type is in the set; other types are not touched. */
  restrict(parts: ValueParts): void;
  /** Keeps the values in the set, whatever their type. */
  restrictTo(value: ValueId): void;
  /** The set of values of each type that `parts` does not name, and of its own set for those it does. */
  only(parts: ValueParts): ValueId;
  /** The values of a subschema. */
  subschema(schema: unknown, ...path: readonly (string | number)[]): ValueId;
  /** The strings of a subschema, worked out at once. */
  strings(schema: unknown, ...path: readonly (string | number)[]): Pick<ValueFormula, "string" | "outerString">;
  /** The values of a schema found by reference. */
  referenced(located: Located): ValueId;
  /** The language of strings that a regular expression matches somewhere, as `pattern` reads it. */
  pattern(source: string, ...path: readonly (string | number)[]): Term;
  /** The JSON Pointer of something below the schema, for errors. */
  pointer(...path: readonly (string | number)[]): string;
  /** The schema that a reference keyword of this schema names. */
  resolve(reference: string, keyword: string): Located;
  /** The dynamic target of `$dynamicRef` and `$recursiveRef`. */
  resolveDynamic(reference: string, keyword: string): Located;
  /** What a schema evaluates of an object or array that it accepts, for `unevaluated*`. */
  evaluation(exclude: string): Evaluation;
}

export interface CompilerOptions {
  /** Whether `format` refuses strings, or only describes them. */
  readonly formats: "assert" | "annotate";
  /** What strings with a `contentMediaType` hold. */
  readonly contents: ContentLanguages | undefined;
}

/** Which members and items a schema has looked at, under which conditions. */
export interface Evaluation {
  readonly members: readonly EvaluatedMembers[];
  readonly items: readonly EvaluatedItems[];
}

export interface EvaluatedMembers {
  /** The instances for which this holds. */
  readonly when: ValueId;
  readonly keys: Term;
}

export interface EvaluatedItems {
  readonly when: ValueId;
  /** Items before this index are evaluated… */
  readonly count: number;
  /** …and items in this set, wherever they are (`contains`). */
  readonly matching: ValueId;
}
