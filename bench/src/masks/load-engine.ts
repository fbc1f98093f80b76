import type { Vocabulary } from "../../../packages/grammar/src/index.ts";
import type { EngineName, EngineOptions, MaskEngine } from "./mask-engine.ts";

/** The engine behind a name. Its package is loaded here and not before: `espalier` needs none. */
export async function loadEngine(
  name: EngineName,
  vocabulary: Vocabulary,
  options: EngineOptions,
): Promise<MaskEngine> {
  switch (name) {
    case "espalier":
      return (await import("./engines/espalier.ts")).espalierEngine(vocabulary, options);
    case "llguidance":
      return (await import("./engines/llguidance.ts")).llguidanceEngine(vocabulary);
    case "xgrammar":
      return (await import("./engines/xgrammar.ts")).xgrammarEngine(vocabulary);
    case "hf":
      return (await import("./engines/hf.ts")).huggingFaceEngine(vocabulary);
  }
}
