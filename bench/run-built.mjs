import { register } from "node:module";

// Benches measure the packages as they are published: what is imported from packages/*/src/ comes from packages/*/dist/, which `pnpm build`
// makes. Run from its sources, code pays for what keeps the names of its functions.
register("./resolve-built.mjs", import.meta.url);
