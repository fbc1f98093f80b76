import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ModelError } from "@espalier/grammar";

/** The models that come with the library, by the names of their folders: an autoregressive one, and its masked-diffusion twin. */
export type BundledModel = "extract-ar" | "extract-diffusion";

/** Seen from `src/model` or `dist/model`: beside the code in a packed package, else in the workspace. */
const PLACES = ["../../models", "../../../../models"];

/**
 * The folder of a bundled model.
 *
 * Packing copies the folder in `models` of the workspace into the package (`scripts/copy-model.mjs`), where it is looked for first.
 * @throws ModelError when it is in neither place
 * @internal
 */
export function bundledModelFolder(name: BundledModel): string {
  const folders = PLACES.map((place) => fileURLToPath(new URL(`${place}/${name}`, import.meta.url)));
  const found = folders.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new ModelError({
    message: `The bundled model is missing: neither ${folders.join(" nor ")} exists.`,
    place: folders[0],
    hint: "Install espalier again, or give loadModel the folder of a model.",
  });
}
