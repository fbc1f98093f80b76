export { JsonSchema, DEFAULT_WHITESPACE, type JsonSchemaOptions } from "./json-schema.ts";
export { DIALECTS, DEFAULT_DIALECT, type Dialect } from "./document/dialect.ts";
export type { SchemaLookup } from "./document/schema-documents.ts";
export type { PropertyOrder } from "./frames/object-states.ts";
export type { EnforcementReport, ReportEntry } from "./report.ts";
export { formats } from "./format/formats.ts";
export type { StringFormat } from "./format/string-format.ts";
export { KEYWORDS } from "./keywords/index.ts";
export type { Keyword, KeywordKind } from "./compiler/keyword.ts";
