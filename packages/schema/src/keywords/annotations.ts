import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS, type Dialect } from "../document/dialect.ts";

const SINCE_6: readonly Dialect[] = ["draft-06", "draft-07", "2019-09", "2020-12"];
const SINCE_7: readonly Dialect[] = ["draft-07", "2019-09", "2020-12"];
const SINCE_2019: readonly Dialect[] = ["2019-09", "2020-12"];

/** Keywords that refuse nothing: those that name things, and those that speak to people. Unknown words are annotations too. */
export const annotations: readonly Keyword[] = [
  core("$schema", DIALECTS, "which draft the schema is written in"),
  core("id", ["draft-04"], "the schema's URI"),
  core("$id", SINCE_6, "the schema's URI"),
  core("$anchor", SINCE_2019, "a name for references"),
  core("$dynamicAnchor", ["2020-12"], "a name for dynamic references"),
  core("$recursiveAnchor", ["2019-09"], "that recursive references may stop here"),
  core("$defs", SINCE_2019, "schemas to refer to"),
  core("definitions", DIALECTS, "schemas to refer to"),
  core("$vocabulary", SINCE_2019, "the vocabularies of a meta-schema"),
  core("$comment", SINCE_7, "a remark"),
  annotation("title", DIALECTS),
  annotation("description", DIALECTS),
  annotation("default", DIALECTS),
  annotation("examples", SINCE_6),
  annotation("readOnly", SINCE_7),
  annotation("writeOnly", SINCE_7),
  annotation("deprecated", SINCE_2019),
  content("contentEncoding", SINCE_7, "nothing: the option `contents` leaves such strings alone"),
  content("contentSchema", SINCE_2019, "nothing, unless the option `contents` asks for JSON text of such values"),
];

function core(name: string, dialects: readonly Dialect[], enforces: string): Keyword {
  return { name, kind: "core", dialects, enforces };
}

function annotation(name: string, dialects: readonly Dialect[]): Keyword {
  return { name, kind: "annotation", dialects, enforces: "nothing: an annotation" };
}

function content(name: string, dialects: readonly Dialect[], enforces: string): Keyword {
  return { name, kind: "annotation", dialects, enforces, doneBy: "contentMediaType" };
}
