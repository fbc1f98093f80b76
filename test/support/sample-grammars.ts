import type { Expression, Grammar } from "@espalier/grammar";
import { grammarOf } from "./random-grammar.ts";

/**
 * Grammars in one line a rule: rule names, 'literals', /patterns/, `|`, `*`, `+`, `?` and groups. For tests alone, so that they can be read.
 */
export function grammarFrom(text: string, lexing?: Grammar["lexing"]): Grammar {
  const rules: Record<string, Expression> = {};
  for (const line of text.trim().split("\n")) {
    const [, name, body] = /^\s*(\w+):(.*)$/.exec(line)!;
    rules[name] = new Reader(body).choice();
  }
  return grammarOf(rules, lexing);
}

class Reader {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/'(?:[^'\\]|\\.)*'|\/(?:[^/\\]|\\.)*\/|\w+|[|*+?()]/g) ?? [];
  }

  choice(): Expression {
    const alternatives = [this.#sequence()];
    while (this.#tokens[this.#at] === "|") {
      this.#at++;
      alternatives.push(this.#sequence());
    }
    return alternatives.length === 1 ? alternatives[0] : { kind: "choice", alternatives };
  }

  #sequence(): Expression {
    const items: Expression[] = [];
    while (this.#at < this.#tokens.length && !"|)".includes(this.#tokens[this.#at])) items.push(this.#repeated());
    return items.length === 1 ? items[0] : { kind: "sequence", items };
  }

  #repeated(): Expression {
    let item = this.#primary();
    for (;;) {
      const mark = this.#tokens[this.#at];
      if (mark === "*") item = { kind: "repeat", item, min: 0 };
      else if (mark === "+") item = { kind: "repeat", item, min: 1 };
      else if (mark === "?") item = { kind: "repeat", item, min: 0, max: 1 };
      else return item;
      this.#at++;
    }
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at++];
    if (token === "(") {
      const inner = this.choice();
      this.#at++;
      return inner;
    }
    if (token.startsWith("'")) return { kind: "literal", text: token.slice(1, -1).replaceAll(/\\(.)/g, "$1") };
    if (token.startsWith("/")) return { kind: "regex", source: token.slice(1, -1), flags: "u" };
    return { kind: "reference", rule: token };
  }
}

export const jsonGrammar: Grammar = grammarFrom(String.raw`
  root: value
  ws: /[ \t\n]*/
  value: (object | array | string | number | 'true' | 'false' | 'null') ws
  object: '{' ws (member (',' ws member)*)? '}'
  member: string ws ':' ws value
  array: '[' ws (value (',' ws value)*)? ']'
  string: /"(?:[^"\\\x00-\x1f]|\\(?:["\\\/bfnrt]|u[0-9a-fA-F]{4}))*"/
  number: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/
`);

export const arithmeticGrammar: Grammar = grammarFrom(String.raw`
  expression: term | expression ('+' | '-') ws term
  term: factor | term ('*' | '\/') ws factor
  factor: number ws | name ws | '(' ws expression ')' ws
  number: /[0-9]+(?:\.[0-9]+)?/
  name: /[a-z][a-z0-9_]*/
  ws: /[ \t\n]*/
`);

export const cLikeGrammar: Grammar = grammarFrom(String.raw`
  program: ws declaration*
  ws: /(?:[ \t\n]|\/\/[^\n]*\n)*/
  space: /[ \t\n]+/
  declaration: type space name ws ('(' ws (parameter (',' ws parameter)*)? ')' ws block | ('=' ws expression)? ';' ws)
  type: 'int' | 'char' | 'float' | 'void' | 'struct' space name
  parameter: type space name ws
  block: '{' ws statement* '}' ws
  statement: block | type space name ws ('=' ws expression)? ';' ws | conditional | loop | 'return' (space expression)? ';' ws | expression ';' ws
  conditional: 'if' ws '(' ws expression ')' ws statement ('else' space statement)?
  loop: 'while' ws '(' ws expression ')' ws statement | 'for' ws '(' ws expression? ';' ws expression? ';' ws expression? ')' ws statement
  expression: disjunction | unary ('=' | '+=' | '-=') ws expression
  disjunction: conjunction | disjunction '||' ws conjunction
  conjunction: equality | conjunction '&&' ws equality
  equality: relation | equality ('==' | '!=') ws relation
  relation: sum | relation ('<' | '>' | '<=' | '>=') ws sum
  sum: product | sum ('+' | '-') ws product
  product: unary | product ('*' | '/' | '%') ws unary
  unary: postfix | ('-' | '!' | '*' | '&' | '++' | '--') ws unary
  postfix: primary | postfix ('[' ws expression ']' | '(' ws (expression (',' ws expression)*)? ')' | '.' name | '->' name | '++' | '--') ws
  primary: name ws | number ws | string ws | '(' ws expression ')' ws
  name: /[a-zA-Z_][a-zA-Z0-9_]*/
  number: /[0-9]+(?:\.[0-9]*)?/
  string: /"(?:[^"\\\n]|\\.)*"/
`);

export const cLikeText = `// find it
int find(int n, struct node head) {
  int a = 0;
  for (i = 0; i < n; i++) { a = a - -1; if (a >= 100 && b != 3) return a / 2; else print("at %d\\n", head->next[i + 1].count); }
  while (x) x = f(x, y)(z) * -3.5 + &q;
}
`;
