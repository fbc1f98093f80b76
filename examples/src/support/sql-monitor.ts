import type { Monitor } from "espalier";

/** Columns by table. */
export type Tables = ReadonlyMap<string, readonly string[]>;

const AGGREGATES = ["COUNT(", "MIN(", "MAX("];
const AFTER_NAMES = [" ", ",", ")"];
const MAX_JOINS = 2;

/**
 * Names in SQL as `support/sql.gbnf` has it, while it is written: tables that exist, each once; columns of their table; after
 * FROM, only columns of a table in scope; and the scope must come to hold every table whose columns were selected.
 */
export function sqlMonitor(tables: Tables): Monitor {
  return {
    accepts: ({ text, isComplete }) => isPossible(read(text, isComplete), tables, isComplete),
    continuations: ({ text }) => namesAfter(read(text, false), tables),
  };
}

interface Query {
  /** The name that the text ends in and that may still grow; empty where one may begin. */
  readonly open: OpenName | undefined;
  /** Tables after FROM and JOIN. */
  readonly scope: readonly string[];
  readonly columns: readonly ColumnName[];
  readonly hasFrom: boolean;
  /** True when no JOIN can follow. */
  readonly isScopeClosed: boolean;
}

interface ColumnName {
  readonly table: string;
  readonly column: string;
  readonly isAfterFrom: boolean;
}

interface OpenName {
  readonly kind: "table" | "qualifier" | "column";
  readonly table: string;
  readonly text: string;
}

const WORDS = /([A-Z]+)|([a-z_]+)(?:(\.)([a-z_]*))?/g;

function read(text: string, isComplete: boolean): Query {
  const withoutLiterals = text.replaceAll(/'[^']*'/g, (literal) => " ".repeat(literal.length));
  const literalAt = withoutLiterals.indexOf("'");
  const source = literalAt === -1 ? withoutLiterals : withoutLiterals.slice(0, literalAt);
  const scope: string[] = [];
  const columns: ColumnName[] = [];
  let keyword = "";
  let hasFrom = false;
  let isScopeClosed = false;
  let open: OpenName | undefined;
  for (const match of source.matchAll(WORDS)) {
    const [whole, upper, name, dot, column = ""] = match;
    if (upper !== undefined) {
      keyword = upper;
      hasFrom ||= upper === "FROM";
      isScopeClosed ||= upper === "WHERE" || upper === "ORDER" || upper === "LIMIT";
      continue;
    }
    const isOpen = !isComplete && literalAt === -1 && match.index + whole.length === source.length;
    const isTable = keyword === "FROM" || keyword === "JOIN";
    if (isOpen)
      open = {
        kind: isTable ? "table" : dot === undefined ? "qualifier" : "column",
        table: name,
        text: dot === undefined ? name : column,
      };
    else if (isTable) scope.push(name);
    else columns.push({ table: name, column, isAfterFrom: hasFrom });
  }
  if (!isComplete && literalAt === -1) {
    if (/(?:FROM|JOIN) $/.test(source)) open = { kind: "table", table: "", text: "" };
    else if (/(?:SELECT|WHERE|ON|BY|AND|OR) $|, $|\($/.test(source)) open = { kind: "qualifier", table: "", text: "" };
  }
  return { open, scope, columns, hasFrom, isScopeClosed };
}

function isPossible(query: Query, tables: Tables, isComplete: boolean): boolean {
  const { scope, columns, open } = query;
  if (new Set(scope).size < scope.length || scope.some((table) => !tables.has(table))) return false;
  for (const { table, column, isAfterFrom } of columns) {
    if (tables.get(table)?.includes(column) !== true) return false;
    if (isAfterFrom && !scope.includes(table)) return false;
  }
  const missing = missingTables(query);
  const joinsLeft = isComplete || query.isScopeClosed ? 0 : MAX_JOINS + 1 - scope.length;
  if (missing.length > joinsLeft) return false;
  return (
    open === undefined || open.text === "" || candidates(query, open, tables).some((name) => name.startsWith(open.text))
  );
}

/** Tables whose columns were used and that are not in scope yet. */
function missingTables({ columns, scope }: Query): string[] {
  return [...new Set(columns.map(({ table }) => table))].filter((table) => !scope.includes(table));
}

/** The names that may stand where `open` does. */
function candidates(query: Query, open: OpenName, tables: Tables): readonly string[] {
  const { scope, hasFrom } = query;
  switch (open.kind) {
    case "column":
      return hasFrom && !scope.includes(open.table) ? [] : (tables.get(open.table) ?? []);
    case "qualifier": {
      if (hasFrom) return scope;
      const used = [...new Set(query.columns.map(({ table }) => table))];
      return used.length > MAX_JOINS ? used : [...tables.keys()];
    }
    case "table": {
      const missing = missingTables(query);
      // The last tables that fit must be those that are missing.
      const isUrgent = missing.length > MAX_JOINS - scope.length;
      return isUrgent ? missing : [...tables.keys()].filter((table) => !scope.includes(table));
    }
  }
}

function namesAfter(query: Query, tables: Tables): readonly string[] | undefined {
  const { open } = query;
  if (open === undefined) return undefined;
  const names = candidates(query, open, tables).map((name) => (open.kind === "qualifier" ? `${name}.` : name));
  if (open.text === "" && open.kind === "qualifier") return [...names, ...AGGREGATES, "("];
  const rests = names.filter((name) => name.startsWith(open.text)).map((name) => name.slice(open.text.length));
  // A whole name may be followed by what ends it; a longer one may begin with it.
  return rests.includes("") ? [...rests, ...AFTER_NAMES] : rests;
}
