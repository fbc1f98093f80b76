/**
 * How a family of models writes calls of tools, as data. The calls of a text are blocks:
 *
 * ```
 * block = begin open call { between call } end        where `between` is given
 * block = begin open call end                         where it is not
 * calls = block { betweenBlocks block }
 * ```
 */
export interface ToolCallFormat {
  readonly name: string;
  /** Model families that were trained to write it; for readers. */
  readonly families: readonly string[];
  /**
   * - `anywhere`: free text in which blocks stand
   * - `last`: free text, then blocks, then nothing
   * - `whole`: either free text or blocks
   */
  readonly placement: "anywhere" | "last" | "whole";
  /**
   * What a block begins with, any one of these; free text holds none of them. None holds another one. Only a `whole` format may
   * have an empty one: free text then does not begin as a call does.
   */
  readonly begin: readonly string[];
  /** What follows `begin`. @defaultValue nothing */
  readonly open?: string | undefined;
  /** One call: `{{name}}`, and behind it `{{arguments}}`, which is JSON; each once, with some text in between. */
  readonly call: string;
  /** What stands between the calls of a block. @defaultValue a block has one call */
  readonly between?: string | undefined;
  readonly end: string;
  /**
   * What stands between blocks that follow each other without free text. With `between`, several calls are one block, except
   * `anywhere` in free text. @defaultValue nothing
   */
  readonly betweenBlocks?: string | undefined;
  /**
   * Texts that many vocabularies of the family have as one special token. Where a vocabulary does, it is written with that token.
   * @defaultValue none
   */
  readonly specialTokens?: readonly string[] | undefined;
}
