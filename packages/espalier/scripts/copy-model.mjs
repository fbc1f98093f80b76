// Copies the bundled model into the package before packing (`prepack`), and takes it away again (`postpack`).
/// <reference types="node" />
import { cpSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../../models/extract-ar", import.meta.url));
const target = fileURLToPath(new URL("../models", import.meta.url));

rmSync(target, { recursive: true, force: true });
if (!process.argv.includes("--remove")) {
  cpSync(source, `${target}/extract-ar`, {
    recursive: true,
    filter: (path) => basename(path) !== "heldout.jsonl",
  });
}
