import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProgramResult, runProgram } from "./support/run-program.ts";

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer", minimum: 0 } },
  required: ["name", "age"],
  additionalProperties: false,
};

let folder: string;
const espalier = (args: string[], stdin?: string): Promise<ProgramResult> =>
  runProgram("packages/espalier/src/cli/main.ts", args, { cwd: folder, ...(stdin !== undefined && { stdin }) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-cli-"));
  await writeFile(join(folder, "person.json"), JSON.stringify(person));
  await writeFile(join(folder, "impossible.json"), '{"type": "array", "minItems": 2, "maxItems": 1}');
  await writeFile(join(folder, "broken.json"), '{"type":\n  "object",}');
  await writeFile(join(folder, "nested.gbnf"), 'root ::= "(" root ")" | word\nword ::= [a-z]{2,4}\nspare ::= "x"\n');
  await writeFile(
    join(folder, "call.lark"),
    '%import .words (NAME)\nstart: NAME "(" %json {"type": "integer"} ")"\n%ignore " "\n',
  );
  await writeFile(join(folder, "words.lark"), "NAME: /[a-z]+/\n");
  await writeFile(
    join(folder, "flies.lark"),
    'noun: KIND? NOUN\nNOUN: "fruit" | "flies"\nKIND: "fruit"\n%ignore " "\n',
  );
  await writeFile(join(folder, "endless.gbnf"), 'root ::= "a" root\n');
  await writeFile(join(folder, "good.txt"), '{"name": "Ada", "age": 36}\n');
  await writeFile(join(folder, "bad.txt"), '{"name": "Zoë",\n "agee": 36}\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.concurrent("espalier check", () => {
  it("accepts with exit status 0", async () => {
    expect(await espalier(["check", "--schema", "person.json", "--text-file", "good.txt"])).toEqual({
      status: 0,
      stdout: "accepted: 26 bytes\n",
      stderr: "",
    });
  });

  it("refuses with exit status 1, and tells where, what stood there and what could have", async () => {
    const { status, stdout, stderr } = await espalier(["check", "--schema", "person.json", "--text-file", "bad.txt"]);
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toBe(
      [
        "refused at byte offset 22 (line 2, column 6)",
        '  before:          {"name": "Zoë",\\n "age',
        '  found:           e": 36}',
        '  could come next: "',
        '  for example:     ":0}',
        "",
      ].join("\n"),
    );
  });

  it("tells of a text that ends too early, and reads the standard input", async () => {
    const { status, stdout } = await espalier(["check", "--regex", "[ab]{2}c|x", "--text-file", "-"], "ab");
    expect(status).toBe(1);
    expect(stdout).toMatch(/ends too early, at byte offset 2 .*could come next: c\n {2}for example: {5}c\n$/s);
  });
});

describe.concurrent("espalier inspect", () => {
  it("shows what is enforced, the shortest text and samples", async () => {
    const { status, stdout } = await espalier(["inspect", "--schema", "person.json", "--samples", "2", "--seed", "4"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/#\/properties\/age\/minimum +enforced/);
    expect(stdout).toContain('Shortest text\n  {"name":"","age":0}\n');
    const samples = /Sample texts\n((?: {2}.*\n)+)/.exec(stdout)![1].trim().split("\n");
    expect(samples.length).toBe(2);
    for (const sample of samples) expect(sample.trim()).toMatch(/^\{\s*"name"\s*:.*\}$/);
    expect(stdout).toContain("What the model is told\n  {name: string, age: integer}\n");
  });

  it("says when nothing satisfies the schema, with exit status 2", async () => {
    const { status, stdout, stderr } = await espalier(["inspect", "--schema", "impossible.json"]);
    expect(status).toBe(2);
    expect(stdout).toContain("Satisfiable\n  no\n");
    expect(stderr).toMatch(/^error: No JSON value satisfies impossible.json\.\n {2}hint: /);
  });

  it("says where a file is no JSON, with exit status 2 and no stack", async () => {
    const { status, stderr } = await espalier(["inspect", "--schema", "broken.json"]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      'error: broken.json is not JSON: "}" cannot stand here, at line 2, column 12.\n  at: broken.json:2:12\n',
    );
  });
});

describe.concurrent("espalier with grammars", () => {
  it("checks a text; the ending of the file tells the notation, imports are found beside it", async () => {
    const runs = await Promise.all([
      espalier(["check", "--grammar", "nested.gbnf", "--text-file", "-"], "((abc))"),
      espalier(["check", "--grammar", "nested.gbnf", "--notation", "ebnf", "--text-file", "-"], "((abc))"),
      espalier(["check", "--grammar", "call.lark", "--text-file", "-"], "add ( 12 )"),
      espalier(["check", "--grammar", "call.lark", "--text-file", "-"], "add(x)"),
    ]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0, 1]);
    expect(runs[3].stdout).toMatch(/refused at byte offset 4 .*found: +x\)/s);
  });

  it("takes the start and the lexer of a Lark grammar", async () => {
    const check = ["check", "--grammar", "flies.lark", "--start", "noun", "--text-file", "-"];
    const [longest, dynamic, unknown] = await Promise.all([
      espalier(check, "fruit"),
      espalier([...check, "--lexer", "dynamic_complete"], "fruit"),
      espalier([...check, "--lexer", "dynamic"], "fruit"),
    ]);
    expect([longest.status, dynamic.status]).toEqual([1, 0]);
    expect(unknown.stderr).toContain('The option lexer is "dynamic", but must be contextual or dynamic_complete.');
  });

  it("generates", async () => {
    const { status, stdout } = await espalier(["generate", "--grammar", "nested.gbnf", "--prompt", "Ada"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^(\(*)[a-z]{2,4}\)*\n$/);
  });

  it("inspects: rules, the shortest text, samples and railroad diagrams", async () => {
    const { status, stdout } = await espalier([
      "inspect",
      "--grammar",
      "nested.gbnf",
      "--samples",
      "2",
      "--svg",
      "n.svg",
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain("Rules\n  root  word  spare\n");
    expect(stdout).toContain("Rules that the start does not reach\n  spare\n");
    expect(stdout).toMatch(/Shortest text\n {2}[a-z]{2}\n/);
    expect(/Sample texts\n((?: {2}.*\n)+)/.exec(stdout)![1].trim().split("\n")).toHaveLength(2);
    const svg = await readFile(join(folder, "n.svg"), "utf8");
    expect(svg).toMatch(/^<svg .*root \(start\).*<\/svg>\s*$/s);
  });

  it("says which rules derive no text, with exit status 2", async () => {
    const { status, stdout, stderr } = await espalier(["inspect", "--grammar", "endless.gbnf"]);
    expect(status).toBe(2);
    expect(stdout).toContain("Rules that derive no text\n  root\n");
    expect(stderr).toContain("error: No text is in the language of endless.gbnf.\n");
  });

  it("converts, and refuses what a notation cannot say by the name of the rule", async () => {
    const [ebnf, lark, refused] = await Promise.all([
      espalier(["convert", "--grammar", "nested.gbnf", "--to", "ebnf"]),
      espalier(["convert", "--grammar", "nested.gbnf", "--to", "lark", "--out", "n.lark"]),
      espalier(["convert", "--grammar", "call.lark", "--to", "gbnf", "--scannerless"]),
    ]);
    expect([ebnf.status, lark.status, refused.status]).toEqual([0, 0, 2]);
    expect(ebnf.stdout).toMatch(/^root ::= "\(" root "\)" \| word\n/);
    expect(refused.stderr).toMatch(/start/);
    expect((await espalier(["check", "--grammar", "n.lark", "--text-file", "-"], "(abc)")).status).toBe(0);
  });

  it("refuses wrong usage with exit status 2 and no stack", async () => {
    const runs = await Promise.all([
      espalier(["check", "--grammar", "good.txt", "--text-file", "-"], "x"),
      espalier(["check", "--grammar", "nested.gbnf", "--notation", "peg", "--text-file", "-"], "x"),
      espalier(["check", "--grammar", "nested.gbnf", "--schema", "person.json", "--text-file", "-"], "x"),
      espalier(["inspect"]),
      espalier(["convert", "--grammar", "nested.gbnf", "--to", "peg"]),
      espalier(["check", "--grammar", "nowhere.gbnf", "--text-file", "-"], "x"),
      espalier(["check", "--grammar", "person.json", "--notation", "gbnf", "--text-file", "-"], "x"),
    ]);
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 2));
    const expected = [
      "The ending of good.txt does not tell how the grammar is written.",
      'The notation "peg" is not known.',
      "Give only one of --schema and --grammar.",
      "There is nothing to inspect.",
      'The notation "peg" is not known.',
      "nowhere.gbnf cannot be read",
      "line 1, column 1",
    ];
    for (const [index, { stderr }] of runs.entries()) {
      expect(stderr).toContain(expected[index]);
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
  });
});

describe.concurrent("espalier generate", () => {
  it("prints the text on stdout, progress on stderr", async () => {
    const prompt = "Ada Lovelace, 36, lives in London";
    const { status, stdout, stderr } = await espalier(["generate", "--schema", "person.json", "--prompt", prompt]);
    expect([status, stderr]).toEqual([0, "Loading the model …\n"]);
    expect(JSON.parse(stdout)).toEqual({ name: "Ada Lovelace", age: 36 });
  });

  it("prints all that is known with --json; same seed, same output", async () => {
    const args = [
      "generate",
      "--choice",
      "red",
      "--choice",
      "blue",
      "--prompt",
      "-",
      "--seed",
      "7",
      "--temperature",
      "1",
      "--json",
    ];
    const runs = await Promise.all([espalier(args, "Blue."), espalier(args, "Blue.")]);
    const [one, two] = runs.map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    expect(one).toMatchObject({
      value: expect.stringMatching(/^(red|blue)$/),
      finishReason: "end",
      seed: 7,
      usage: { promptTokens: expect.any(Number) },
    });
    expect(two["text"]).toBe(one["text"]);
  });

  it("refuses a budget that is too small with exit status 1", async () => {
    const { status, stdout, stderr } = await espalier([
      "generate",
      "--schema",
      "person.json",
      "--prompt",
      "Ada",
      "--max-tokens",
      "2",
    ]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/error: maxTokens \(2\) is too small: the schema needs at least \d+ tokens\.\n {2}hint: /);
  });

  it("ends with exit status 2 for wrong usage, a bad pattern and a model that is not there", async () => {
    const runs = await Promise.all([
      espalier(["generate"]),
      espalier(["generate", "--prompt", "x", "--regex", "("]),
      espalier(["generate", "--prompt", "x", "--model", "nowhere"]),
      espalier(["generate", "--prompt", "x", "--regex", "a", "--choice", "b"]),
    ]);
    expect(runs.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
    const errors = runs.map(({ stderr }) => stderr);
    expect(errors[0]).toContain("required option '--prompt <text>' not specified");
    expect(errors[1]).toContain("error: The pattern /(/ is not a regular expression: unterminated group at offset 1.");
    expect(errors[2]).toContain(`error: There is no folder ${join(folder, "nowhere")}.`);
    expect(errors[3]).toContain("error: Give only one of --regex and --choice.");
    for (const error of errors) expect(error).not.toMatch(/^ {4}at /m);
  });
});

it("espalier --help tells a newcomer what there is", async () => {
  const { status, stdout } = await espalier(["--help"]);
  expect(status).toBe(0);
  for (const word of ["generate", "check", "inspect", "convert", "Examples:", "Exit status:"])
    expect(stdout).toContain(word);
});
