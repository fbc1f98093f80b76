/** The drafts of JSON Schema, oldest first. */
export type Dialect = "draft-04" | "draft-06" | "draft-07" | "2019-09" | "2020-12";

export const DIALECTS: readonly Dialect[] = ["draft-04", "draft-06", "draft-07", "2019-09", "2020-12"];

export const DEFAULT_DIALECT: Dialect = "2020-12";

const SCHEMA_URIS: ReadonlyMap<string, Dialect> = new Map([
  ["http://json-schema.org/draft-04/schema", "draft-04"],
  ["http://json-schema.org/draft-06/schema", "draft-06"],
  ["http://json-schema.org/draft-07/schema", "draft-07"],
  ["https://json-schema.org/draft/2019-09/schema", "2019-09"],
  ["https://json-schema.org/draft/2020-12/schema", "2020-12"],
]);

/** The dialect that a `$schema` URI names; `undefined` for other URIs. `http` and `https`, with or without `#`, are the same. */
export function dialectOfUri(uri: string): Dialect | undefined {
  const bare = uri.trim().replace(/#$/, "");
  return (
    SCHEMA_URIS.get(bare) ??
    SCHEMA_URIS.get(bare.replace(/^https:/, "http:")) ??
    SCHEMA_URIS.get(bare.replace(/^http:/, "https:"))
  );
}

/** True when `dialect` is `other` or came after it. */
export function isAtLeast(dialect: Dialect, other: Dialect): boolean {
  return DIALECTS.indexOf(dialect) >= DIALECTS.indexOf(other);
}
