import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runProgram } from "./support/run-program.ts";

it("alignment: shows three distributions side by side, and how far apart they are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "espalier-alignment-"));
  const svg = join(folder, "alignment.svg");
  const { status, stdout, stderr } = await runProgram("examples/src/alignment.ts", ["--svg", svg]);
  expect([status, stderr]).toEqual([0, ""]);
  for (const title of ["plain masking", "ASAp, 100 draws", "The model, given that the constraint holds"]) {
    expect(stdout).toMatch(new RegExp(`^${title}\n( {2}[01]{5} +[0-9.]+%.*\n){6}`, "m"));
  }
  const [masking, aligned] = [...stdout.matchAll(/(?:masking|draws) +([0-9.]+)\n/g)].map(([, number]) =>
    Number(number),
  );
  expect(masking).toBeGreaterThan(0.5);
  expect(aligned).toBeLessThan(masking / 10);
  const picture = await readFile(svg, "utf8");
  expect(picture).toMatch(/^<svg [^]*<\/svg>\n$/);
  // Six outputs in three distributions, three marks of the legend and the background.
  expect(picture.match(/<rect /g)).toHaveLength(6 * 3 + 3 + 1);
  await rm(folder, { recursive: true });
}, 30_000);
