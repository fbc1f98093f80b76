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

  it("contents", async () => {
    const { status, stdout } = await runProgram("examples/src/contents.ts");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\nquery {6}SELECT .* FROM .*\narguments {2}\[.*\]\n$/s);
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

  it("grammar", async () => {
    const { status, stdout } = await runProgram("examples/src/grammar.ts");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^gbnf: +price = [\d.()+ -]+\nlark: +order size [SML] of \{.*"(red|blue)".*\}\nebnf: +- (red|blue|size [SML]).*\.\ntriggered: .*<price>\{.*"price": ?.*\}<\/price>.*\n$/s,
    );
  });

  it("thinking", async () => {
    const { status, stdout } = await runProgram("examples/src/thinking.ts");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^text: +"<think>.*<\/think>\\n\\n\{.*\}"\n.*\nanswer: +.+ -?\d+\ntokens: +\d+\n$/s);
  });

  it("tools: calls in every format", async () => {
    const { status, stdout, stderr } = await runProgram("examples/src/tools.ts");
    expect([status, stderr]).toEqual([0, ""]);
    for (const format of ["json", "hermes", "llama-3", "mistral", "mistral-args", "functionary"]) {
      expect(stdout).toMatch(new RegExp(`^${format}\\n(  .*\\n)+?  (add_contact|order_status) → `, "m"));
    }
    expect(stdout).toMatch(/One named tool\n {2}\[\{"type":"call","name":"order_status".*\}\]\n/);
  });

  it("sql: every query is prepared by SQLite", async () => {
    const { status, stdout, stderr } = await runProgram("examples/src/sql.ts", ["--seeds", "1"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.match(/✓ SELECT /g)).toHaveLength(6);
    expect(stdout).toContain("grammar and monitor  6 of 6\n");
  }, 120_000);

  it("sql: so is what noise makes of the grammar, with a monitor; without one, little is", async () => {
    const { status, stdout, stderr } = await runProgram("examples/src/sql.ts", ["--random", "--seeds", "34"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("grammar and monitor  105 of 105\n");
    expect(Number(/grammar alone +(\d+) of 30\n/.exec(stdout)![1])).toBeLessThan(10);
  }, 120_000);
});
