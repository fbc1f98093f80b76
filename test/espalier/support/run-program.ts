import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface ProgramResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs a TypeScript file of the workspace with Node and tsx. */
export function runProgram(
  file: string,
  args: readonly string[] = [],
  options: { readonly cwd?: string; readonly stdin?: string } = {},
): Promise<ProgramResult> {
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const { npm_lifecycle_event: _, INIT_CWD: __, ...env } = process.env;
  const child = spawn(process.execPath, ["--import", tsx, `${root}/${file}`, ...args], {
    cwd: options.cwd ?? root,
    env: { ...env, NO_COLOR: "1" },
  });
  child.stdin.end(options.stdin ?? "");
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (stderr += piece));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}
