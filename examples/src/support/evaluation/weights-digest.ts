import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "onnx/model.onnx";

/** The SHA-256 of a model folder's `onnx/model.onnx`, so that figures tell which weights they are of; `undefined` without one. */
export function weightsDigest(folder: string): string | undefined {
  const path = join(folder, FILE);
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : undefined;
}
