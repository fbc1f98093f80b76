import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ModelError } from "@espalier/grammar";

/** The model that comes with the library, by the name of its folder. */
const BUNDLED_MODEL = "extract-ar";

/** Seen from `src/model` or `dist/model`: beside the code in a packed package, else in the workspace. */
const PLACES = ["../../models", "../../../../models"];

/**
 * The folder of the bundled model.
 *
 * Packing copies `models/extract-ar` of the workspace into the package (`scripts/copy-model.mjs`), where it is looked for first.
 * @throws ModelError when it is in neither place
 * @internal
 */
export function bundledModelFolder(): string {
  const folders = PLACES.map((place) => fileURLToPath(new URL(`${place}/${BUNDLED_MODEL}`, import.meta.url)));
  const found = folders.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new ModelError({
    message: `The bundled model is missing: neither ${folders.join(" nor ")} exists.`,
    place: folders[0],
    hint: "Install espalier again, or give loadModel the folder of a model.",
  });
}
