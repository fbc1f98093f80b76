import { checkFolder } from "./open-session.ts";
import { readModelConfig } from "./read-model-config.ts";

/**
 * Whether the model in `folder` is a masked-diffusion model: its `config.json` names a mask token, and no class for causal
 * language modelling.
 * @throws ModelError when there is no folder, or no readable `config.json`
 */
export async function isDiffusionFolder(folder: string): Promise<boolean> {
  await checkFolder(folder);
  const { maskToken, architectures } = await readModelConfig(folder);
  return maskToken !== undefined && !architectures.some((name) => name.endsWith("ForCausalLM"));
}
