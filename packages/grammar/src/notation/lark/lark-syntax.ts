/** What a Lark file says, before names are looked up and templates are filled in. Offsets point into the file's text. */
export type LarkNode =
  | { readonly kind: "literal"; readonly text: string; readonly ignoreCase: boolean; readonly offset: number }
  | { readonly kind: "range"; readonly from: number; readonly to: number; readonly offset: number }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string; readonly offset: number }
  | { readonly kind: "name"; readonly name: string; readonly offset: number }
  | {
      readonly kind: "template";
      readonly name: string;
      readonly values: readonly LarkNode[];
      readonly offset: number;
    }
  | { readonly kind: "sequence"; readonly items: readonly LarkNode[]; readonly offset: number }
  | { readonly kind: "choice"; readonly alternatives: readonly LarkNode[]; readonly offset: number }
  | {
      readonly kind: "repeat";
      readonly item: LarkNode;
      readonly min: number;
      readonly max: number | undefined;
      readonly offset: number;
    }
  | { readonly kind: "and"; readonly item: LarkNode; readonly and: LarkNode; readonly offset: number }
  | { readonly kind: "not"; readonly item: LarkNode; readonly offset: number }
  | { readonly kind: "token"; readonly image: string; readonly offset: number }
  /** `%json {…}` or `%regex {…}`, its JSON read. */
  | { readonly kind: "structured"; readonly directive: string; readonly content: unknown; readonly offset: number };

/** `name[lazy, suffix="x"]`: an attribute of llguidance. */
export interface LarkAttribute {
  readonly name: string;
  readonly value: LarkNode | undefined;
  readonly offset: number;
}

export interface LarkDefinition {
  readonly kind: "definition";
  readonly mode: "define" | "override" | "extend";
  readonly name: string;
  readonly isTerminal: boolean;
  readonly parameters: readonly string[];
  readonly attributes: readonly LarkAttribute[];
  readonly priority: number;
  readonly body: LarkNode;
  readonly offset: number;
}

export interface LarkImport {
  readonly kind: "import";
  /** `%import .a.b.X` is relative. */
  readonly relative: boolean;
  /** Folders and file, without the name that is imported. */
  readonly path: readonly string[];
  readonly name: string;
  readonly alias: string;
  readonly offset: number;
}

export type LarkStatement =
  | LarkDefinition
  | LarkImport
  | { readonly kind: "ignore"; readonly body: LarkNode; readonly offset: number }
  | { readonly kind: "declare"; readonly name: string; readonly offset: number }
  | { readonly kind: "options"; readonly content: unknown; readonly offset: number };

/** Names of terminals have capital letters only. */
export function isTerminalName(name: string): boolean {
  return /^_*[A-Z]/.test(name) && !/[a-z]/.test(name);
}

/** The definition of a terminal that no text defines: one that is only declared, or a body behind `%ignore`. */
export function larkTerminal(name: string, body: LarkNode): LarkDefinition {
  return {
    kind: "definition",
    mode: "define",
    name,
    isTerminal: true,
    parameters: [],
    attributes: [],
    priority: 0,
    body,
    offset: body.offset,
  };
}
