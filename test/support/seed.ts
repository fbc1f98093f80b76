import * as fc from "fast-check";

// Properties are tried with one seed, so that a run can be told from the next by its code alone. `ESPALIER_SEED=fresh` tries a new
// one (fast-check prints it where a property fails), `ESPALIER_SEED=123` that one; `ESPALIER_RUNS=20` tries more often.

const seed = process.env["ESPALIER_SEED"] ?? "20261120";
if (seed !== "fresh") fc.configureGlobal({ seed: Number(seed) });
