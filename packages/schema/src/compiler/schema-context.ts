import type { Term, TermArena } from "@espalier/grammar";
import { NO_CONTENT } from "../content/content-table.ts";
import { pointerBelow } from "../document/json-pointer.ts";
import type { ObjectKeys } from "../document/object-keys.ts";
import type { Located, SchemaSite } from "../document/schema-documents.ts";
import type { SchemaObject } from "../document/subschemas.ts";
import type { ConstantValues } from "../formula/constant-values.ts";
import { ALL_LITERALS, type ValueFormula, type ValueId } from "../formula/formula.ts";
import type { ValueAlgebra, ValueParts } from "../formula/value-algebra.ts";
import type { DynamicScope } from "./dynamic-scope.ts";
import { evaluationOf } from "./evaluation.ts";
import type { CompilerOptions, Evaluation, KeywordContext } from "./keyword.ts";
import type { CompiledAspect, SchemaCompiler } from "./schema-compiler.ts";

type Path = readonly (string | number)[];

/** What keywords may do while a schema is compiled. One is made for each schema, so it is a class and not a record of functions. */
export class SchemaContext implements KeywordContext {
  readonly schema: SchemaObject;
  readonly site: SchemaSite;
  readonly scope: DynamicScope;
  readonly values: ValueAlgebra;
  readonly arena: TermArena;
  readonly constants: ConstantValues;
  readonly options: CompilerOptions;
  protected readonly compiler: SchemaCompiler;
  readonly #restrictTo: (value: ValueId) => void;
  readonly #aspect: CompiledAspect;

  constructor(
    compiler: SchemaCompiler,
    schema: SchemaObject,
    site: SchemaSite,
    scope: DynamicScope,
    restrictTo: (value: ValueId) => void,
    aspect: CompiledAspect = "values",
  ) {
    this.compiler = compiler;
    this.schema = schema;
    this.site = site;
    this.scope = scope;
    this.values = compiler.values;
    this.arena = compiler.values.arena;
    this.constants = compiler.constants;
    this.options = compiler.options;
    this.#restrictTo = restrictTo;
    this.#aspect = aspect;
  }

  get keys(): ObjectKeys {
    return this.compiler.documents.keys;
  }

  get onlyChecks(): boolean {
    return false;
  }

  pointer(...path: Path): string {
    return pointerBelow(this.site.pointer, path);
  }

  only(parts: ValueParts): ValueId {
    const { values } = this;
    return values.formula({
      literals: ALL_LITERALS,
      number: values.numbers.all,
      string: values.arena.anyText,
      array: values.arrays.all,
      object: values.objects.all,
      ...parts,
    });
  }

  restrict(parts: ValueParts): void {
    this.restrictTo(this.only(parts));
  }

  restrictTo(value: ValueId): void {
    this.#restrictTo(value);
  }

  subschema(child: unknown, ...path: Path): ValueId {
    return this.compiler.compile(child, this.site, this.scope, path, this.#aspect);
  }

  strings(child: unknown, ...path: Path): Pick<ValueFormula, "string" | "outerString"> {
    const { string, outerString, content } = this.values.expand(
      this.compiler.compile(child, this.site, this.scope, path, "strings"),
    );
    if (content !== NO_CONTENT) throw this.values.contents.refusal(content, "keys are regular");
    return { string, outerString };
  }

  referenced({ schema, site }: Located): ValueId {
    return this.compiler.compile(schema, site, this.scope, [], this.#aspect);
  }

  pattern(source: string, ...path: Path): Term {
    return this.compiler.pattern(source, this.pointer(...path));
  }

  resolve(reference: string, keyword: string): Located {
    return this.compiler.documents.resolve(reference, this.site, this.pointer(keyword));
  }

  resolveDynamic(reference: string, keyword: string): Located {
    return this.compiler.resolveDynamic(reference, this.site, this.scope, this.pointer(keyword));
  }

  evaluation(exclude: string): Evaluation {
    return evaluationOf(this.compiler, this.schema, this.site, this.scope, exclude);
  }
}
