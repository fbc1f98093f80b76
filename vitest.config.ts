import { defineConfig } from "vitest/config";

/** Where `.ci/run` wants the counts of the run; nobody else sets it. */
const report = process.env["ESPALIER_TEST_REPORT"];

export default defineConfig({
  test: {
    setupFiles: ["test/support/seed.ts"],
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 180_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
