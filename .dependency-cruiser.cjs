"use strict";

/**
 * How the house may be wired.
 *
 * Arrows run one way, `espalier -> {schema, decoder} -> grammar`; no file depends on itself by a detour; a package is
 * entered by its front door. `pnpm lint` checks it. The sources are parsed with a TypeScript 6 that
 * `pnpm-workspace.yaml` gives to dependency-cruiser alone, because TypeScript 7 has no API that it could load.
 */

/** The packages that each package may import. What is not listed is forbidden. */
const MAY_IMPORT = {
  grammar: [],
  schema: ["grammar"],
  decoder: ["grammar"],
  espalier: ["grammar", "schema", "decoder"],
};

const arrows = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `arrows-${name}`,
  comment: `${name} may import ${allowed.length === 0 ? "no other package" : allowed.join(", ")} (see docs/architecture.md).`,
  severity: "error",
  from: { path: `^packages/${name}/` },
  to: { path: "^packages/", pathNot: [name, ...allowed].map((each) => `^packages/${each}/`) },
}));

/** Files that a package's `exports` name: its front doors. */
const FRONT_DOORS = ["^packages/[^/]+/src/index\\.ts$", "^packages/schema/src/arbitrary/index\\.ts$"];

/** Programs that somebody starts, so that nothing imports them. */
const PROGRAMS = [
  ...FRONT_DOORS,
  "^packages/espalier/src/cli/main\\.ts$",
  "^examples/src/[^/]+\\.ts$",
  "^bench/src/[^/]+\\.ts$",
  "\\.test(-d)?\\.ts$",
];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    {
      name: "packages-stand-alone",
      comment: "Nothing that is published depends on tests, examples, benches or models.",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^(test|examples|bench|models|docs)/" },
    },
    {
      name: "nothing-imports-programs",
      comment:
        "Tests, examples and benches are leaves: nothing outside each of them imports it. Two exceptions: benches measure on the vocabularies that tests use, and score answers as the evaluation of the model does.",
      severity: "error",
      from: { path: "^(test|examples|bench)/" },
      to: {
        path: "^(test|examples|bench)/",
        pathNot: ["^$1/", "^test/support/vocabularies\\.ts$", "^examples/src/support/evaluation/"],
      },
    },
    {
      name: "front-door",
      comment: "Another package is imported by its name, never by a path into its sources.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/", pathNot: ["^packages/$1/", ...FRONT_DOORS] },
    },
    {
      name: "front-door-for-users",
      comment:
        "Examples and benches show what a user can do: they enter packages by the front door. Only tests may reach inside.",
      severity: "error",
      from: { path: "^(examples|bench)/" },
      to: { path: "^packages/", pathNot: FRONT_DOORS },
    },
    {
      name: "no-circular",
      comment:
        "No cycles between files. Type-only imports are exempt: they vanish at run time, and mutually recursive data needs mutually recursive types.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      comment: "A file that neither imports nor is imported is dead.",
      severity: "error",
      from: { orphan: true, pathNot: [...PROGRAMS, "\\.d\\.ts$"] },
      to: {},
    },
    {
      name: "not-reached",
      comment: "Code in a package that none of its front doors reaches is dead, even when a test imports it.",
      severity: "error",
      from: { path: PROGRAMS.filter((pattern) => pattern.startsWith("^packages")) },
      to: { path: "^packages/[^/]+/src/", pathNot: PROGRAMS, reachable: false },
    },
    {
      name: "not-declared",
      comment: "An npm package must stand in the package.json of the package that imports it.",
      severity: "error",
      from: {},
      // An optional peer counts as `npm-no-pkg` too (its name stands in peerDependenciesMeta).
      // The ambient types of Node come from the root, for all.
      to: {
        dependencyTypes: ["npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["npm-peer"],
        pathNot: "/node_modules/@types/node/",
      },
    },
    {
      name: "not-resolvable",
      comment:
        "An import that leads nowhere. The peers that benches measure are installed only when a bench needs them.",
      severity: "error",
      from: { pathNot: "^bench/" },
      to: { couldNotResolve: true },
    },
    {
      name: "not-in-development",
      comment: "What is published must not need a development dependency at run time.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only", "npm-peer"] },
    },
    {
      name: "no-deprecated-core",
      comment: "A Node module that Node has deprecated.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["deprecated"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^packages/[^/]+/dist/", "^test/fixtures/"] },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  },
};
