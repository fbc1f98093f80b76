import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "./support/run-program.ts";

describe.concurrent("examples", () => {
  it("extract: shows prompt, schema, both outputs, the type and what it took", async () => {
    const { status, stdout, stderr } = await runProgram("examples/src/extract.ts");
    expect([status, stderr]).toEqual([0, ""]);
    const titles = stdout.split("\n").filter((line) => /^\S/.test(line));
    expect(titles).toEqual([
      "The prompt",
      "The schema",
      "The model, unconstrained",
      "The model, on the trellis",
      "Its type",
      "What it took",
      "The same, sampled at temperature 1 (seeds 1, 2, 3, 4)",
    ]);
    expect(stdout).toContain("on the trellis  ✓ ✓ ✓ ✓  0 of 4 refused");
    expect(stdout).toContain("✓ ajv accepts it, as it must");
    expect(stdout).toMatch(/\d+ tokens after a prompt of \d+, in \d+ model calls/);
  });

  it("extract: takes a prompt and a schema", async () => {
    const folder = await mkdtemp(join(tmpdir(), "espalier-demo-"));
    await writeFile(
      join(folder, "s.json"),
      '{"type": "object", "properties": {"n": {"type": "integer", "minimum": 3}}, "required": ["n"], "additionalProperties": false}',
    );
    const { status, stdout } = await runProgram("examples/src/extract.ts", ["--prompt", "n: 7", "--schema", "s.json"], {
      cwd: folder,
    });
    await rm(folder, { recursive: true });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /The prompt\n {2}n: 7\n.*on the trellis\n {2}\{\n {4}"n": \d+\n {2}\}\n {2}✓.*Its type\n {2}\{n: integer\}\n/s,
    );
  });

  it("choice", async () => {
    const { status, stdout } = await runProgram("examples/src/choice.ts");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^colour: (red|green|blue)\norder: [A-Z]{2}-\d{4}\n$/);
  });

  it("stream", async () => {
    const { status, stdout } = await runProgram("examples/src/stream.ts");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\/title complete: .*\/date .*complete: .*\ndone: \d{4}-\d\d-\d\d\n$/s);
  });

  it("diffusion", async () => {
    const { status, stdout } = await runProgram("examples/src/diffusion.ts");
    expect(status).toBe(0);
    const canvases = stdout.match(/^ *\d+ {2}.+$/gm)!;
    expect(canvases.length).toBeGreaterThan(1);
    expect(canvases[0]).toContain("·");
    expect(stdout).toMatch(/The value\n {2}\{"name":".*","age":-?\d+,"city":".*"\}\n/);
    expect(stdout).toMatch(/\d+ tokens in \d+ model calls, \d+ forced\./);
  });

  it("zod", async () => {
    const { status, stdout } = await runProgram("examples/src/zod.ts");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+ × .+ \([SML]\), .+\nordered: \d{4}\n$/);
  });
});
