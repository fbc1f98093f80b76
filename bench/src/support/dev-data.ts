import { fileURLToPath } from "node:url";

/** Where the development half of MaskBench lies when it lies beside the repository. */
export const DEV_DATA: string = fileURLToPath(new URL("../../../../shared/maskbench/dev.jsonl.gz", import.meta.url));
