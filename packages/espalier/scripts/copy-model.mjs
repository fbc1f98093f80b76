// Copies the bundled models into the package before packing (`prepack`), and takes them away again (`postpack`).
/// <reference types="node" />
import { cpSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../../models", import.meta.url));
const target = fileURLToPath(new URL("../models", import.meta.url));

rmSync(target, { recursive: true, force: true });
if (!process.argv.includes("--remove")) {
  for (const name of ["extract-ar", "extract-diffusion"]) {
    cpSync(`${source}/${name}`, `${target}/${name}`, {
      recursive: true,
      filter: (path) => basename(path) !== "heldout.jsonl",
    });
  }
}
