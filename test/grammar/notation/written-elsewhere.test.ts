import { type Grammar, GrammarLanguage, parseEbnf, parseGbnf, parseLark, type LarkOptions } from "@espalier/grammar";
import { describe, expect, it } from "vitest";
import { accepts } from "../../support/automaton-texts.ts";

// What the guides of the notations describe, and how grammars in the field use it: each feature with texts that it takes, and texts
// that it does not.

type Sample = readonly [feature: string, grammar: string, accepted: string[], refused: string[], options?: LarkOptions];

function tryEach(read: (text: string, options?: LarkOptions) => Grammar, samples: readonly Sample[]): void {
  it.each(samples.map((each) => [each[0], each] as const))("%s", (_, [, text, accepted, refused, options]) => {
    const { automaton } = new GrammarLanguage(read(text, options));
    for (const each of accepted) expect(accepts(automaton, each), `accepts ${JSON.stringify(each)}`).toBe(true);
    for (const each of refused) expect(accepts(automaton, each), `accepts ${JSON.stringify(each)}`).toBe(false);
  });
}

describe("GBNF, as llama.cpp's guide has it", () => {
  tryEach(parseGbnf, [
    ["escapes by number", 'root ::= "\\x41" "\\u00e9" "\\U0001F600"', ["Aé😀"], ["Aé"]],
    ["escapes in classes", "root ::= [\\x41-\\u0043\\U0001F600\\]\\\\]", ["A", "C", "😀", "]", "\\"], ["D", "-"]],
    ["classes of other scripts", "root ::= [ぁ-ゟ]+", ["あい"], ["a", ""]],
    ["all but a line end", 'root ::= [^\\n]+ "\\n"', ["a b\n", "é\n"], ["\n", "a\nb\n"]],
    ["any character", "root ::= . .", ["\n😀"], ["a", "abc"]],
    ["open and closed counts", 'root ::= "a"{2} "b"{1,} "c"{0,2}', ["aab", "aabbcc"], ["ab", "aa", "aabccc"]],
    ["operators after spaces", 'root ::= "a" {2} ("b" "c") +', ["aabcbc"], ["aa", "aabb"]],
    ["a dash in a class", "root ::= [+#-]? [a-zA-Z0-9_-]+", ["-a-", "#b_"], ["*a"]],
    ["dashes and digits in names", 'root ::= check-mate 9x\ncheck-mate ::= "a"\n9x ::= "b"', ["ab"], ["a"]],
    ["comments at odd places", 'root ::= ( # a\n  "a" # b\n\n  | # c\n  "b" )+ # d\n# e', ["abba"], ["", "c"]],
    ["lines inside parentheses", 'root ::= (\n  "a"\n  b\n)\nb ::= "b"', ["ab"], ["a"]],
    ["a comment before the first alternative", 'root ::= # a\n  "a" |\n  # b\n  "b"', ["a", "b"], ["ab"]],
    ["a line end in a text", 'root ::= "a\nb"', ["a\nb"], ["ab"]],
    ["line ends of Windows", 'root ::= (\r\n  "a"\r\n)\r\n', ["a"], [""]],
    ["nothing as an alternative", 'root ::= ws "a"\nws ::= | " " | "\\n" [ \\t]{0,3}', ["a", "\n\t a"], ["\n    a"]],
    ["tokens", 'root ::= <think> "a"* </think> .*', ["<think>aa</think>x"], ["<think>"]],
  ]);

  it("says that a backward range holds nothing, where there are others", () => {
    expect(parseGbnf("root ::= x\nx ::= [a\\]-+*/]").notes).toEqual([
      { message: "The range \\]-+ runs backwards: it holds no character.", place: { line: 2, column: 9 } },
    ]);
    expect(parseGbnf('root ::= "a"').notes).toBeUndefined();
  });

  it.each([
    ["GBNF", parseGbnf],
    ["EBNF", parseEbnf],
  ])("takes names that no rule has for rules without texts on request, as %s", (_, read) => {
    const grammar = read('root ::= "a" (rest | "b") | other\nother ::= rest "c"', { undefinedRules: "nothing" });
    const { automaton, report } = new GrammarLanguage(grammar);
    expect([accepts(automaton, "ab"), accepts(automaton, "a")]).toEqual([true, false]);
    expect(report.unproductive).toEqual(["other", "rest"]);
    expect(grammar.notes).toEqual([
      { message: "The rule rest is not defined: no text matches it.", place: { line: 1, column: 15 } },
    ]);
  });

  // The three kinds of tasks on which aligned decoding is compared: programs, trees, strings of bits.
  const programs = `root ::= "(define-fun f ((x (BitVec 4)) (y (BitVec 4))) (BitVec 4) " Start ")"
    Start ::= BV
    BV ::= "x" | "y" | "#x" Digit | "(" Two " " BV " " BV ")" | "(ite " Bool " " BV " " BV ")"
    Two ::= "bvadd" | "bvand"
    Bool ::= "(= " BV " " BV ")" | "(not " Bool ")"
    Digit ::= [0-9a-f]`;
  const trees = `root ::= ("[" "(" "ROOT-0" S "]")
    S ::= " " (NP | VP) S? | " " word-1 ")" | ")"
    NP ::= "(NP" [0-9]+ S
    VP ::= ("(VP" | "(VBZ") [0-9]+ S
    word-1 ::= "it's" | "$5" | "U.S." | "\\"quoted\\""`;
  const bits = 'root ::= "00000" | "1" s\ns ::= "0" t | "1" t\nt ::= "0" | "1"';
  describe.each([
    ["GBNF", parseGbnf],
    ["EBNF", parseEbnf],
  ])("grammars of programs, trees and bits, as %s", (_, read) => {
    const head = "(define-fun f ((x (BitVec 4)) (y (BitVec 4))) (BitVec 4) ";
    tryEach(read, [
      ["programs", programs, [`${head}(ite (not (= x #xf)) (bvadd x y) y))`], [`${head}(bvadd x))`, head]],
      ["trees", trees, ["[(ROOT-0 (NP1 it's)]", "[(ROOT-0)]"], ["[(ROOT-0 (NP it's)]"]],
      ["strings of bits", bits, ["00000", "101", "110"], ["00001", "1", "0"]],
    ]);
  });
});

describe("Lark, as its reference has it", () => {
  const words = { imports: { "lib/words.lark": 'A: "a"\nB: "b"\npair: A B', "words.lark": 'A: "a"' } };
  tryEach(parseLark, [
    ["imports of several names", "start: A B\n%import .lib.words (A, B)", ["ab"], ["a"], words],
    ["lists of imports over lines", "start: A B\n%import .lib.words (\n  A,\n  B\n)", ["ab"], ["a"], words],
    ["imports of rules, with what they need", "start: pair\n%import .lib.words.pair", ["ab"], ["a"], words],
    ["imports from the root, by another name", "start: X\n%import words.A -> X", ["a"], ["X"], words],
    ["common terminals by another name", 'start: "a" "b"\n%import common.WS -> _WS\n%ignore _WS', ["a\n b"], ["a_b"]],
    ["overriding what is imported", 'start: pair\n%import .lib.words.pair\n%override pair: "z"', ["z"], ["ab"], words],
    [
      "extending what is imported",
      'start: pair\n%import .lib.words.pair\n%extend pair: "z"\n  | "y"',
      ["ab", "y", "z"],
      [],
      words,
    ],
    ["extending a terminal", 'start: T\nT: "b"\n%extend T: "z"', ["b", "z"], ["bz"]],
    ["modifiers of rules", '?start: a | b\n!?a: "a"\n?!b: "b"\n!c: "c"', ["a", "b"], ["c"]],
    ["priorities", 'start: a W\na.2: "x"\nW.-3: /[a-z]/', ["xy"], ["x"]],
    ["templates", 'start: _sep{NUMBER, ","}\n_sep{x, s}: x (s x)*\nNUMBER: /\\d+/', ["1", "1,23"], ["1,", ",1"]],
    ["templates of terminals", 'start: PAIR{"x"}\nPAIR{y}: y "-" y', ["x-x"], ["x-"]],
    ["aliases", 'start: "a" -> first\n  | "b" -> second_one', ["a", "b"], ["first"]],
    ["counts", 'start: "a" ~ 2 "b" ~ 2..4', ["aabb", "aabbbb"], ["aab", "aabbbbb"]],
    ["what may be left out", 'start: ["a" | "b"] "c"', ["c", "ac", "bc"], ["abc"]],
    ["ranges", 'start: "a".."f" "0".."9"', ["f0"], ["g0"]],
    ["texts in any case", 'start: "Text"i', ["TEXT", "text"], ["tex"]],
    ["flags of patterns", "start: /a . # spaces are idle\n  b/imsx", ["A\nB", "axb"], ["ab"]],
    ["lines that go on", 'start: "a" \\\n  "b"\n  | "c"', ["ab", "c"], ["a"]],
    ["comments of both kinds", '// a\nstart: "a" // b\n  # c\n  | "b" # d\n// e', ["a", "b"], [""]],
    ["signs of comments inside texts", 'start: "#" "//" /[#]x/', ["#//#x"], ["#"]],
    ["rules of nothing", 'start: a "b"\na:\n', ["b"], ["a"]],
    ["ignoring several things", 'start: "a" "b"\n%ignore " "+\n%ignore /#.*\\n/', ["a  b", "a#x\nb"], ["a#xb"]],
    ["declared terminals", 'start: "a" _NEW?\n%declare _NEW _OLD', ["a"], ["a_NEW"]],
    ["escapes of texts", 'start: "\\x41\\u0042\\U00000043\\t\\""', ['ABC\t"'], ["A"]],
  ]);
});

describe("assertions at the ends of Lark's terminals", () => {
  tryEach(parseLark, [
    [
      "operators that must not be parts of words",
      'start: f\nf: u (UNTIL u)*\nu: NEXT u | NAME | "(" f ")"\nUNTIL.2: /U(?=[ "(])/\nNEXT.2: /X(?=[ (])/\nNAME: /[a-z]+/\n%ignore /\\s+/',
      ["a U b", "X a U(X(b))", "(a)U b"],
      ["a Ub", "a U\tb", "Xa", "a UX b"],
    ],
    [
      "keywords that end where words do",
      'start: /select\\b/i NAME (AS NAME)?\nAS: /\\bas\\b/\nNAME: /[a-z_]+|"[a-zé]+"/\n%ignore " "',
      ["SELECT a", 'select"a"as"é"', "select as as as", "select asb as c"],
      ["selecta", 'select"a"asé', "select a asb", 'select"a"as_'],
    ],
    [
      "words but for some",
      'start: (SPACE | WORD)+ "."\nWORD: /\\b(?!(?:the|a)\\b)[a-z]+\\b/\nSPACE: " "',
      ["an ant.", "theme park."],
      ["the ant.", "an a.", "the."],
    ],
    [
      "what must not follow",
      'start: (INT | "." | ID)+\nINT: /[0-9]+(?![._a-z])/\nID: /[a-z]+/',
      ["12", "a12"],
      ["12a", "12."],
    ],
    [
      "assertions of several characters",
      'start: (A | "<" | "-")+\nA: /a(?!<-)/',
      ["a<", "a-<", "a<<-"],
      ["a<-", "aa<-a"],
    ],
    ["the end of the text", "start: A* B\nA: /a/\nB: /b\\Z/", ["aab", "b"], ["ba", "bb"]],
    ["nothing is in between", "start: A B\nA: /a(?!b)/\nB: /[bc]+/", ["ac", "acb"], ["ab", "abc"]],
  ]);

  it("a terminal that nothing may follow, for all that could, is refused", () => {
    expect(() => new GrammarLanguage(parseLark("start: A B\nA: /a(?!b)/\nB: /b+/"))).toThrow(
      "nothing can follow the terminal A",
    );
  });

  it("without lexing they are seen alone", () => {
    const { notes } = parseLark('start: A "b"\nA: /a(?!b)/', { lexer: "dynamic_complete" });
    expect(notes).toHaveLength(1);
    expect(() => parseLark('start: A "b"\nA: /a(?=b)/', { lexer: "dynamic_complete" })).toThrow("The lookahead (?=b)");
  });

  it.each([
    ["/\\bif\\b/", "if", ["\\b in A sees the text of the terminal alone, not what stands before it."]],
    ["/if\\b/", "if", []],
    ["/if(?![a-z]|=)/", "if", []],
    ["/a\\b|b/", "a", ["\\b in A sees the text of the terminal alone, not what follows it."]],
    ["/^a/", "a", ["^ in A sees the text of the terminal alone, not what stands before it."]],
    ["/^a/m", "a", ["before"]],
    ["/(?<!x)a/", "a", ["(?<!x) in A sees the text of the terminal alone, not what stands before it."]],
    ["/a(?!x)/", "a", []],
    ["/a(?=x)/", "a", ["What A asks to follow it may be missing at the end of the text."]],
    ["/a\\B/", "a", ["What A asks to follow it may be missing at the end of the text."]],
    ["/.*?a(?!x)/", "a", ["(?!x) in A sees the text of the terminal alone, not what follows it."]],
    ["/x(?<!y)a\\bb?/", "xa", ["\\b in A sees"]],
    ["/x+(?<!xx)a/", "xa", ["before"]],
    ["/xx(?<=x)a(?=b)b/", "xxab", []],
    ["/x*y(?<=x*y)/", "y", ["before"]],
  ])("%s takes %j, and what it cannot see is noted", (pattern, text, notes) => {
    const grammar = parseLark(`start: A\nA: ${pattern}`);
    expect(accepts(new GrammarLanguage(grammar).automaton, text)).toBe(true);
    expect(grammar.notes ?? []).toEqual(
      notes.map((note) => ({ message: expect.stringContaining(note), place: { line: 2, column: 4 } })),
    );
  });

  it.each([
    ["/a(?=bc)/", "The lookahead (?=bc) asks for text behind the terminal"],
    ["/(?<=a)b/", "The lookbehind (?<=a) asks for text before the terminal"],
    ["/a(?:(?=b)|(?=c))/", "The lookahead (?="],
    ["/c|a(?=b)/", "The lookahead (?=b)"],
  ])("%s is refused", (pattern, message) => {
    expect(() => parseLark(`start: A\nA: ${pattern}`)).toThrow(
      expect.objectContaining({
        code: "unsupported",
        place: "line 2, column 4",
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe("Lark, as llguidance has it", () => {
  tryEach(parseLark, [
    ["counts in braces", 'start: "a"{,2} "b"{1,} "c"{2}', ["bcc", "aabbcc"], ["aaabcc", "acc", "abc"]],
    ["lazy rules", 'start: a "b"\na[lazy]: /.*<end>/', ["x<end>b"], ["x<end><end>b"]],
    ["suffixes", 'start: a "b"\na[capture, suffix=/[!?]/]: /.*/', ["xx!b", "?b"], ["x!x?b"]],
    ["suffixes by name", 'start: a "b"\na[suffix=END]: /.*/\nEND: "!"', ["xx!b"], ["xxb"]],
    [
      "substrings of words",
      'start: S\nS: %regex { "substring_words": "ab cd. ef" }',
      ["ab cd", " ef", ""],
      ["a", "abcd"],
    ],
    ["substrings of chunks", 'start: "<" %regex { "substring_chunks": ["ab", "c"] } ">"', ["<abc>", "<c>"], ["<b>"]],
    ["intersections and complements", 'start: A\nA: (/[a-c]+/ & ~/(?s:.*)b(?s:.*)/) "!"', ["ac!"], ["abc!", "ac"]],
    ["no options", '%llguidance {}\nstart: "a"', ["a"], []],
  ]);

  it("keeps schemas for the package that knows them", () => {
    const rule = parseLark('start: "x" call\ncall: %json { "type": "object" }').rules.get("call");
    expect(rule?.expression).toMatchObject({ language: "json-schema", content: { type: "object" } });
  });

  it.each([
    ["start: a\na[max_tokens=10]: /.*/", "max_tokens", "line 2, column 3"],
    ['start: a\na[stop="x"]: /.*/', "stop", "line 2, column 3"],
    ["start: a\na[lazy, temperature=0.7]: /.*/", "temperature", "line 2, column 9"],
    ['start: a\na[suffix="!", stop_capture="b"]: /.*/', "stop_capture", "line 2, column 15"],
    ['start: %lark { start: "a" }', "%lark", "line 1, column 8"],
    ['start: %regex { "type": "number" }', "%regex", "line 1, column 8"],
    ["start: <[^1,3-5]>", "more than one token", "line 1, column 8"],
    ["start: /a/l", "locale", "line 1, column 9"],
  ])("%j is refused by name and place", (text, name, place) => {
    expect(() => parseLark(text)).toThrow(
      expect.objectContaining({ code: "unsupported", place, message: expect.stringContaining(name) }),
    );
  });
});

describe("EBNF, as the W3C, XGrammar and ISO have it", () => {
  tryEach(parseEbnf, [
    ["characters by number", "Char ::= #x9 | #xA | [#x20-#xD7FF] | [#x10000-#x10FFFF]", ["a", "\n", "😀"], ["\0", ""]],
    ["classes of both kinds", "root ::= [a-z#x20-#x40] [^#x0-#x1F]", ["@é"], ["A!", "a\n"]],
    ["differences", "root ::= [a-z]+ - ('if' | 'else') ';'", ["iff;", "a;"], ["if;", "else;"]],
    ["comments", "/* a */ root /* b */ ::= 'a' /* c\n d */ | 'b' # e\n", ["a", "b"], [""]],
    ["alternatives on lines of their own", "root ::= 'a'\r\n  | 'b'\r\nx ::= 'c'", ["a", "b"], ["c"]],
    ["XGrammar's escapes", 'root ::= "\\"\\\\\\n\\t\\x41\\u0041\\U00000041" [\\-\\]]', ['"\\\n\tAAA-'], ['"']],
    ["XGrammar's counts", 'root ::= ("a" | "b"){2,3} [^\\n]{0,2} "!"', ["ab!", "abaxx!"], ["a!", "abaxxx!"]],
    ["names with dots and dashes", "root ::= a.b-c\na.b-c ::= 'x'", ["x"], ["a"]],
    [
      "terminals and what may stand between them",
      '[1] doc ::= (NAME "=" value ";")*\n[2] value ::= NAME | "<=" | "<"\n@terminals\n[3] NAME ::= [a-z] CHAR*\n[4] CHAR ::= [a-z0-9]\n@pass ::= WS+ | "#" [^#xA]* #xA\nWS ::= [#x20#x9#xA]',
      ["a=b;", " a1 = < ;\n#c\nb=<= ;"],
      ["a 1=b;", "a=<b;", "a=< =;", "a=1;"],
    ],
    ["terminals with nothing between them", 'doc ::= A B\n@terminals\nA ::= "a"+\nB ::= "ab"', ["aab"], ["a ab"]],
    ["what may be passed, said first", "@pass [ ]+\ndoc ::= 'a' 'b'", ["a b", " ab "], ["a\tb"]],
    ["ISO: counts and repeats", "a = 3 * 'x', { 'y' | 'z' }, [ 'w' ];", ["xxx", "xxxyzw"], ["xx", "xxxww"]],
    ["ISO: one or more", "a = { 'x' }-, 'y' .", ["xy", "xxxy"], ["y"]],
    [
      "ISO: special sequences that are known",
      "a = 'x', white space, { c - '\"' };\nwhite space = ? White  Space Characters ?;\nc = ? all visible characters ?;",
      ["x ", "x\n \t", "x é!"],
      ["x", 'x "', "x\ta\t"],
    ],
    ["ISO: comments and lines", "(* a (* b *) *)\na\n  = 'x' (* c *)\n  | 'y'\n  ;", ["x", "y"], ["z"]],
  ]);

  it("reads special sequences as the option says, and notes what it takes them for", () => {
    const digit = { kind: "regex", source: "[0-9]", flags: "u" } as const;
    const grammar = parseEbnf("a = ? A Digit ?, ? white space character ?;", {
      specialSequences: { "a  digit": digit },
    });
    expect(accepts(new GrammarLanguage(grammar).automaton, "1 ")).toBe(true);
    expect(grammar.notes).toEqual([
      {
        message: "The special sequence ? white space character ? is read as one character of white space of ASCII.",
        place: { line: 1, column: 18 },
      },
    ]);
  });

  it.each(["(=", "(?=", "(?!", "(?<=", "(?<!"])("refuses the assertion %s by name and place", (sign) => {
    expect(() => parseEbnf(`root ::= "a" ${sign} "b") [a-z]`)).toThrow(
      expect.objectContaining({
        code: "unsupported",
        place: "line 1, column 14",
        message: expect.stringContaining(sign),
      }),
    );
  });
});
