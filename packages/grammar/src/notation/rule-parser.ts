import { EmbeddedActionsParser, type IToken, type TokenType } from "chevrotain";
import type { Expression, ReferenceExpression } from "../cfg/grammar.ts";
import { type EscapeTable, readText } from "./escapes.ts";
import { choiceOf, literalOf } from "./expressions.ts";
import type { ReadRule } from "./finish-grammar.ts";
import { SYNTAX_MESSAGES } from "./read-syntax.ts";
import type { SourceText } from "./source-text.ts";

/** The tokens that a notation of rules has for what all of them have. */
export interface RuleTokens {
  readonly vocabulary: TokenType[];
  readonly name: TokenType;
  readonly define: TokenType;
  readonly or: TokenType;
  readonly left: TokenType;
  readonly right: TokenType;
  readonly text: TokenType;
}

/**
 * What GBNF and both forms of EBNF share: rules with names, alternatives, groups, texts and references. Actions make expressions
 * at once; {@link source} must be set before.
 *
 * A notation's own class calls `performSelfAnalysis` at the end of its constructor, when all rules are there.
 */
export abstract class RuleParser extends EmbeddedActionsParser {
  source!: SourceText;
  readonly #tokens: RuleTokens;
  #references: Map<ReferenceExpression, number> = new Map();

  protected constructor(tokens: RuleTokens) {
    super(tokens.vocabulary, { errorMessageProvider: SYNTAX_MESSAGES, maxLookahead: 1 });
    this.#tokens = tokens;
  }

  /** What stands between two signs of alternatives. */
  protected abstract readonly sequence: () => Expression;

  /** The escapes of texts and classes; none where a backslash is a character like any other. */
  protected abstract get escapes(): EscapeTable | undefined;

  /** Consumes what ends a rule, where the notation has such a thing. */
  protected endRule(): void {}

  /** The name that a token spells. */
  protected nameOf(token: IToken): string {
    return token.image;
  }

  readonly file: () => ReadRule[] = this.RULE("file", () => {
    const rules: ReadRule[] = [];
    this.MANY(() => {
      rules.push(this.SUBRULE(this.rule));
      this.endRule();
    });
    return rules;
  });

  protected readonly rule: () => ReadRule = this.RULE("rule", () => {
    this.ACTION(() => {
      this.#references = new Map();
    });
    const name = this.CONSUME(this.#tokens.name);
    this.CONSUME(this.#tokens.define);
    const expression = this.SUBRULE(this.alternatives);
    return this.ACTION(() => ({
      rule: { name: this.nameOf(name), expression, place: this.source.placeAt(name.startOffset) },
      source: this.source,
      offset: name.startOffset,
      references: this.#references,
    }));
  });

  protected readonly alternatives: () => Expression = this.RULE("alternatives", () => {
    const alternatives = [this.SUBRULE(this.sequence)];
    this.MANY(() => {
      this.CONSUME(this.#tokens.or);
      alternatives.push(this.SUBRULE2(this.sequence));
    });
    return this.ACTION(() => choiceOf(alternatives));
  });

  protected readonly group: () => Expression = this.RULE("group", () => {
    this.CONSUME(this.#tokens.left);
    const inner = this.SUBRULE(this.alternatives);
    this.CONSUME(this.#tokens.right);
    return inner;
  });

  protected readonly text: () => Expression = this.RULE("text", () => {
    const token = this.CONSUME(this.#tokens.text);
    return this.ACTION(() => {
      const end = token.startOffset + token.image.length;
      return literalOf(readText(this.source, token.startOffset + 1, end - 1, this.escapes));
    });
  });

  protected readonly reference: () => Expression = this.RULE("reference", () => {
    const token = this.CONSUME(this.#tokens.name);
    return this.ACTION(() => this.referenceTo(token));
  });

  protected referenceTo(token: IToken): Expression {
    const place = this.source.placeAt(token.startOffset);
    const reference: ReferenceExpression = { kind: "reference", rule: this.nameOf(token), place };
    this.#references.set(reference, token.startOffset);
    return reference;
  }
}
