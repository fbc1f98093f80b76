// From a question to SQL that a real SQLite prepares: a grammar for the form, a monitor for the names.
//   pnpm tsx examples/src/sql.ts [--seeds 3] [--temperature 1] [--model folder] [--random]
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { generate, grammar, loadModel, type Monitor } from "espalier";
import initSqlJs, { type Database } from "sql.js";
import { randomModel } from "./support/random-model.ts";
import { sqlMonitor, type Tables } from "./support/sql-monitor.ts";
import { cyan, dim, green, red, section } from "./support/terminal.ts";

const SCHEMA = `CREATE TABLE singer (id INTEGER, name TEXT, country TEXT, age INTEGER);
CREATE TABLE stadium (id INTEGER, name TEXT, city TEXT, capacity INTEGER);
CREATE TABLE concert (id INTEGER, title TEXT, year INTEGER, singer_id INTEGER, stadium_id INTEGER);`;

const QUESTIONS = [
  "The names of all singers from France, the oldest first.",
  "Which concerts were given in a stadium with room for more than 5000?",
  "How many singers are there?",
];

const { values: flags } = parseArgs({
  options: {
    seeds: { type: "string", default: "3" },
    temperature: { type: "string", default: "1" },
    model: { type: "string" },
    random: { type: "boolean", default: false },
  },
});
const seeds = Array.from({ length: Number(flags.seeds) }, (_, index) => index + 1);
const temperature = Number(flags.temperature);

const SQL = await initSqlJs();
const db = new SQL.Database();
db.run(SCHEMA);
const tables = tablesOf(db);

const loaded = await loadModel(flags.model === undefined ? undefined : resolve(flags.model));
if (loaded.languageModel === undefined) throw new Error("A monitor takes a model that writes token after token.");
// Noise writes every kind of query that the grammar and the monitor allow.
const model = flags.random ? randomModel(loaded, ["(", " A"]) : loaded;
const output = grammar(readFileSync(new URL("support/sql.gbnf", import.meta.url), "utf8"), { notation: "gbnf" });

section("The tables", SCHEMA);
const held: boolean[] = [];
const free: boolean[] = [];
for (const question of QUESTIONS) {
  const lines = [shown(await query(question, { seed: 0, temperature: 0, monitor: sqlMonitor(tables) }), held)];
  for (const seed of seeds) {
    lines.push(shown(await query(question, { seed, temperature, monitor: sqlMonitor(tables) }), held));
    // The grammar alone: what is said of the names, SQLite has to find out.
    if (seed <= 10) shown(await query(question, { seed, temperature }), free);
  }
  section(question, lines.join("\n"));
}
section("Prepared by SQLite", `grammar and monitor  ${count(held)}\ngrammar alone        ${count(free)}`);
db.close();
await loaded.dispose();

async function query(
  question: string,
  options: { readonly seed: number; readonly temperature: number; readonly monitor?: Monitor },
): Promise<string> {
  const prompt = `${SCHEMA}\n-- ${question}\n`;
  // Room for the longest names, so that the monitor need not take back what the budget would end.
  return (await generate({ model, prompt, output, maxTokens: flags.random ? 500 : 150, ...options })).value;
}

function shown(sql: string, verdicts: boolean[]): string {
  const problem = refusal(db, sql);
  verdicts.push(problem === undefined);
  return problem === undefined ? `${green("✓")} ${cyan(sql)}` : `${red("✗")} ${sql} ${dim(problem)}`;
}

/** What SQLite holds against a query, if anything. */
function refusal(database: Database, sql: string): string | undefined {
  try {
    database.prepare(sql).free();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The names, from the database itself. */
function tablesOf(database: Database): Tables {
  const [{ values: found }] = database.exec("SELECT name FROM sqlite_master WHERE type = 'table'");
  return new Map(
    found.map(([table]) => {
      const [{ values: columns }] = database.exec(`SELECT name FROM pragma_table_info('${String(table)}')`);
      return [String(table), columns.map(([column]) => String(column))];
    }),
  );
}

function count(verdicts: readonly boolean[]): string {
  return `${verdicts.filter(Boolean).length} of ${verdicts.length}`;
}
