import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPacked, PACKAGES, packWorkspace, readManifest, type PackedPackage } from "./support/pack-workspace.ts";

const PERSON = { name: expect.any(String), age: expect.any(Number) };

let folder: string;
let consumer: string;
let packed: Map<string, PackedPackage>;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "espalier-packed-")));
  consumer = join(folder, "consumer");
  const all = packWorkspace(folder);
  installPacked(all, consumer);
  packed = new Map(all.map((each, i) => [PACKAGES[i], each]));
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(PACKAGES)("%s, packed", (name) => {
  const unpacked = (): string => join(consumer, "node_modules", packed.get(name)!.manifest.name);

  it("is clean for publint", async () => {
    const file = readFileSync(packed.get(name)!.tarball);
    const tarball = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it("carries its licence, its readme and its sources, and no leftovers", () => {
    for (const file of [
      "LICENSE",
      "README.md",
      "src/index.ts",
      "dist/index.js",
      "dist/index.js.map",
      "dist/index.d.ts",
      "dist/index.d.ts.map",
    ]) {
      expect(existsSync(join(unpacked(), file)), file).toBe(true);
    }
    expect(existsSync(join(unpacked(), "dist/.tsbuildinfo"))).toBe(false);
  });

  it("names no package of the workspace by `workspace:`", () => {
    expect(
      Object.values(readManifest(unpacked()).dependencies ?? {}).filter((range) => range.startsWith("workspace:")),
    ).toEqual([]);
  });
});

describe("a user of the packed packages", () => {
  beforeAll(() => {
    cpSync(fileURLToPath(new URL("consumer", import.meta.url)), consumer, { recursive: true });
    mkdirSync(join(consumer, "out"), { recursive: true });
    writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  });

  it("compiles against their declarations and runs in plain Node", () => {
    // Without skipLibCheck: the declarations themselves are checked too.
    tsc(["--noEmitOnError", "false", "--outDir", "out", "main.ts"]);
    const output = node([join(consumer, "out", "main.js")]);
    const result = JSON.parse(output) as { constrained: string; firstOfDate: string };
    expect(result).toMatchObject({ firstOfDate: "0123456789", sampled: [PERSON, PERSON, PERSON], generated: PERSON });
    expect(JSON.parse(result.constrained)).toMatchObject(PERSON);
  });

  it("has the command espalier", () => {
    const home = join(consumer, "node_modules", "espalier");
    const { bin, version } = readManifest(home);
    const command = join(home, bin!["espalier"]);
    expect(readFileSync(command, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(node([command, "--version"]).trim()).toBe(version);
    expect(node([command, "--help"])).toMatch(/Usage: espalier/);
  });

  function node(args: readonly string[]): string {
    return execFileSync(process.execPath, args, { cwd: consumer, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  function tsc(args: readonly string[]): void {
    const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
    const options = ["--strict", "--exactOptionalPropertyTypes", "--target", "es2023", "--module", "nodenext"];
    try {
      node([compiler, ...options, ...args]);
    } catch (error) {
      throw new Error(`tsc refused the program:\n${(error as { stdout?: string }).stdout}`, { cause: error });
    }
  }
});
