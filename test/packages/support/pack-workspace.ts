import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** What the packages need from the root in order to be built and packed. */
const ROOT_FILES = [
  "package.json",
  "pnpm-workspace.yaml",
  "tsconfig.base.json",
  "tsconfig.package.json",
  "LICENSE",
  "models",
];

/** Folders that a fresh clone does not have. */
const NOT_CLONED = new Set(["node_modules", "dist", ".venv", "__pycache__"]);

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

export interface PackedPackage {
  readonly manifest: Manifest;
  readonly tarball: string;
  /** Where the package's own dependencies are found. */
  readonly nodeModules: string;
}

export const PACKAGES = ["grammar", "schema", "decoder", "espalier"] as const;

/**
 * Builds and packs all packages as publishing does, in a copy of the sources under `folder`: nothing left over in `dist` can
 * help, and nothing in the repository changes under a test that runs at the same time. Needs no network.
 */
export function packWorkspace(folder: string): PackedPackage[] {
  const copy = join(folder, "workspace");
  for (const file of ROOT_FILES) copyCloned(join(ROOT, file), join(copy, file));
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  for (const name of PACKAGES) {
    copyCloned(join(ROOT, "packages", name), join(copy, "packages", name));
    linkDependencies(join(ROOT, "packages", name, "node_modules"), join(copy, "packages", name, "node_modules"));
  }
  return PACKAGES.map((name) => {
    const source = join(copy, "packages", name);
    const destination = join(folder, "tarballs", name);
    mkdirSync(destination, { recursive: true });
    pnpm(["pack", "--pack-destination", destination], source);
    const [tarball] = readdirSync(destination);
    return {
      manifest: readManifest(source),
      tarball: join(destination, tarball),
      nodeModules: join(ROOT, "packages", name, "node_modules"),
    };
  });
}

/** Unpacks the tarballs into a `node_modules` under `folder`, with their dependencies linked from the workspace. */
export function installPacked(packages: readonly PackedPackage[], folder: string): void {
  const own = new Set(packages.map(({ manifest }) => manifest.name));
  const modules = join(folder, "node_modules");
  for (const { manifest, tarball } of packages) {
    const target = join(modules, manifest.name);
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  }
  for (const { nodeModules, manifest } of packages) {
    // TypeBox is an optional peer: users bring it, and so does this user.
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (own.has(name)) continue;
      linkOnce(realpathSync(join(nodeModules, name)), join(modules, name));
    }
  }
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function copyCloned(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !NOT_CLONED.has(basename(path)) });
}

/** Links every dependency of `from` in `to`: packages of the workspace to their copies, the others to where they are. */
function linkDependencies(from: string, to: string): void {
  for (const name of dependencyNames(from)) {
    const target = realpathSync(join(from, name));
    const isOwn = dirname(target) === realpathSync(join(ROOT, "packages"));
    linkOnce(isOwn ? join(dirname(dirname(to)), basename(target)) : target, join(to, name));
  }
}

function dependencyNames(nodeModules: string): string[] {
  return readdirSync(nodeModules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(nodeModules, name)).map((each) => `${name}/${each}`) : [name],
    );
}

function linkOnce(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** The pnpm that runs the tests, or else the one on the path. */
function pnpm(args: readonly string[], cwd: string): void {
  const running = process.env["npm_execpath"] ?? "";
  const program = basename(running).startsWith("pnpm") ? running : "pnpm";
  const isScript = [".js", ".cjs", ".mjs"].includes(extname(program));
  execFileSync(isScript ? process.execPath : program, isScript ? [program, ...args] : args, { cwd, stdio: "pipe" });
}
