import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Dialect } from "../../../packages/schema/src/index.ts";

export interface SuiteTest {
  readonly description: string;
  readonly data: unknown;
  readonly valid: boolean;
}

export interface SuiteGroup {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly SuiteTest[];
}

export type Section = "required" | "optional" | "format";

export interface SuiteFile {
  /** The suite's name of the draft: `draft2020-12`. */
  readonly draft: string;
  readonly dialect: Dialect;
  readonly section: Section;
  /** Below the draft's folder: `optional/format/date.json`. */
  readonly path: string;
  readonly groups: readonly SuiteGroup[];
}

export const DRAFTS: ReadonlyMap<string, Dialect> = new Map([
  ["draft4", "draft-04"],
  ["draft6", "draft-06"],
  ["draft7", "draft-07"],
  ["draft2019-09", "2019-09"],
  ["draft2020-12", "2020-12"],
]);

/** The suite as a folder: unpacked to a temporary one, removed at exit, when it comes as a `.tar.gz`. */
export function suiteFolder(path: string): string {
  if (statSync(path).isDirectory()) return path;
  const folder = mkdtempSync(join(tmpdir(), "json-schema-test-suite-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync("tar", ["-xzf", path, "-C", folder]);
  if (existsSync(join(folder, "tests"))) return folder;
  return join(folder, readdirSync(folder)[0] ?? "");
}

/** The tests of every draft that is supported, in the order of their files. */
export function* suiteFiles(folder: string): Generator<SuiteFile> {
  for (const [draft, dialect] of DRAFTS) {
    const root = join(folder, "tests", draft);
    for (const file of jsonFiles(root)) {
      const path = relative(root, file);
      const section = path.startsWith("optional/format/")
        ? "format"
        : path.startsWith("optional/")
          ? "optional"
          : "required";
      yield { draft, dialect, section, path, groups: JSON.parse(readFileSync(file, "utf8")) as SuiteGroup[] };
    }
  }
}

/** The documents that the suite's references may name: `remotes/` as `http://localhost:1234/`. */
export function suiteRemotes(folder: string): Map<string, unknown> {
  const root = join(folder, "remotes");
  return new Map(
    jsonFiles(root).map((file) => [
      `http://localhost:1234/${relative(root, file)}`,
      JSON.parse(readFileSync(file, "utf8")) as unknown,
    ]),
  );
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(folder, name));
}
