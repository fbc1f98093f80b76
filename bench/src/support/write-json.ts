import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes `value` as indented JSON, making folders as needed. Does nothing without a path. */
export function writeJson(path: string | undefined, value: unknown): void {
  if (path === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
