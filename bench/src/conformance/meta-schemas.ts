import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The official meta-schemas by their URIs, with and without the trailing `#`. From ajv's copies, which lack that of draft 4
 * (kept beside this file).
 */
export function metaSchemas(): Map<string, unknown> {
  const refs = join(dirname(createRequire(import.meta.url).resolve("ajv/package.json")), "dist", "refs");
  const files = [
    fileURLToPath(new URL("draft-04-meta-schema.json", import.meta.url)),
    join(refs, "json-schema-draft-06.json"),
    join(refs, "json-schema-draft-07.json"),
    ...["json-schema-2019-09", "json-schema-2020-12"].flatMap((draft) => [
      join(refs, draft, "schema.json"),
      ...readdirSync(join(refs, draft, "meta")).map((name) => join(refs, draft, "meta", name)),
    ]),
  ];
  const schemas = new Map<string, unknown>();
  for (const file of files) {
    const schema = JSON.parse(readFileSync(file, "utf8")) as { id?: string; $id?: string };
    const uri = (schema.$id ?? schema.id)!.replace(/#$/, "");
    schemas.set(uri, schema).set(`${uri}#`, schema);
  }
  return schemas;
}
