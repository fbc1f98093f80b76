import * as fc from "fast-check";

// Properties are tried with a new seed each time, which fast-check prints where one fails: `ESPALIER_SEED=123` tries that one again.
// `ESPALIER_RUNS=20` tries more often. Properties that fix a seed of their own are not touched.

const seed = process.env["ESPALIER_SEED"] ?? "fresh";
if (seed !== "fresh") fc.configureGlobal({ seed: Number(seed) });
