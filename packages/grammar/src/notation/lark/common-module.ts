/**
 * Lark's module `common`: the names and languages of its terminals, written down anew. ESCAPED_STRING says without a lazy repeat
 * what Lark says with one: the first quote with an even number of backslashes before it ends the text.
 */
export const COMMON_MODULE: string = String.raw`
DIGIT: "0".."9"
HEXDIGIT: DIGIT | "a".."f" | "A".."F"

INT: DIGIT+
SIGNED_INT: ("+" | "-")? INT
DECIMAL: INT "." INT? | "." INT
_EXP: "e"i SIGNED_INT
FLOAT: INT _EXP | DECIMAL _EXP?
SIGNED_FLOAT: ("+" | "-")? FLOAT
NUMBER: INT | FLOAT
SIGNED_NUMBER: ("+" | "-")? NUMBER

_STRING_INNER: /.*?/
_STRING_ESC_INNER: _STRING_INNER /(?<!\\)(\\\\)*?/
STRING_INNER: "\\\"" | /[^"]/
ESCAPED_STRING: /"([^"\\\n]|\\.)*"/

LCASE_LETTER: "a".."z"
UCASE_LETTER: "A".."Z"
LETTER: LCASE_LETTER | UCASE_LETTER
WORD: LETTER+
CNAME: ("_" | LETTER) ("_" | LETTER | DIGIT)*

WS_INLINE: (" " | "\t")+
WS: /[ \t\f\r\n]+/
CR: "\r"
LF: "\n"
NEWLINE: (CR? LF)+

SH_COMMENT: /#[^\n]*/
CPP_COMMENT: /\/\/[^\n]*/
C_COMMENT: /\/\*([^*]|\*+[^*\/])*\*+\//
SQL_COMMENT: /--[^\n]*/
`;

/** The terminals of Lark's module `python`, so that rules of one's own can use them. Its rules are not here. */
export const PYTHON_MODULE: string = String.raw`
NAME: /[^\W\d]\w*/
COMMENT: /#[^\n]*/
STRING: /([ubf]?r?|r[ubf])("(?!"")([^"\\\n]|\\.)*"|'(?!'')([^'\\\n]|\\.)*')/i
LONG_STRING: /([ubf]?r?|r[ubf])(""".*?(?<!\\)(\\\\)*?"""|'''.*?(?<!\\)(\\\\)*?''')/is
_DIGITS: /[0-9](_?[0-9])*/
DEC_NUMBER: /[1-9](_?[0-9])*|0(_?0)*/
HEX_NUMBER.2: /0x(_?[0-9a-f])+/i
OCT_NUMBER.2: /0o(_?[0-7])+/i
BIN_NUMBER.2: /0b(_?[01])+/i
_EXPONENT: "e"i ("+" | "-")? _DIGITS
DECIMAL: "." _DIGITS | _DIGITS "." _DIGITS?
FLOAT_NUMBER.2: _DIGITS _EXPONENT | DECIMAL _EXPONENT?
IMAG_NUMBER.2: (_DIGITS | FLOAT_NUMBER) "j"i
`;

/** Lark's module `unicode`. */
export const UNICODE_MODULE: string = String.raw`
WS_INLINE: /[ \t\xa0]+/
WS: /[ \t\xa0\f\r\n]+/
`;
