import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BENCH = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Installs what bench/package.json names, at the versions of bench/pnpm-lock.yaml, unless that has been done. bench/ is a
 * workspace of its own, so that the repository's install stays small.
 * @throws Error when pnpm fails.
 */
export function installPeers(): void {
  if (existsSync(`${BENCH}node_modules/.modules.yaml`)) return;
  console.error(
    "The first bench with a peer: installing bench/'s own dependencies (pnpm install --frozen-lockfile in bench/) …",
  );
  execFileSync("pnpm", ["install", "--frozen-lockfile"], { cwd: BENCH, stdio: ["ignore", "inherit", "inherit"] });
}
