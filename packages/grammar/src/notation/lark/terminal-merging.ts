import type { WorkBudget } from "../../budget/work-budget.ts";
import type { LarkModule, LarkModules, ModuleDefinition } from "./lark-modules.ts";
import type { LarkNode } from "./lark-syntax.ts";
import { escapedCharacter } from "./python-regex.ts";
import { analysed, type AnalysedPattern, readPattern } from "./terminal-pattern.ts";

/**
 * Makes one pattern of a terminal, where its parts cannot be understood one by one: an assertion in one of them sees the text of the
 * others, and a lazy repeat ends where the next part begins. (Lark joins every terminal to one pattern.)
 */
export class TerminalMerging {
  readonly #modules: LarkModules;
  readonly #budget: WorkBudget;
  /** Terminals with such a part, their own or of a terminal that they are made of. */
  readonly #special: ReadonlySet<ModuleDefinition>;

  constructor(modules: LarkModules, budget: WorkBudget) {
    this.#modules = modules;
    this.#budget = budget;
    this.#special = this.#findSpecial();
  }

  /** The terminal as one pattern; nothing where its parts may stay apart, or where it is one pattern already. */
  patternOf(definition: ModuleDefinition): AnalysedPattern | undefined {
    if (definition.bodies.length === 1 && definition.bodies[0].body.kind === "regex") return undefined;
    if (!this.#isSpecial(definition)) return undefined;
    const { module, head } = definition;
    const parts: string[] = [];
    const modes = { nestedClasses: false };
    this.#writeDefinition(definition, parts, modes, new Set());
    return analysed({ source: parts.join(""), flags: modes.nestedClasses ? "v" : "u" }, module.source, head.offset);
  }

  /** From the terminals that are special by themselves to those that use them, without a call stack. */
  #findSpecial(): Set<ModuleDefinition> {
    const users = new Map<ModuleDefinition, ModuleDefinition[]>();
    const found: ModuleDefinition[] = [];
    for (const definition of this.#modules.definitions()) {
      const { special, uses } = this.#look(definition);
      if (special) found.push(definition);
      for (const used of uses) {
        const list = users.get(used);
        if (list === undefined) users.set(used, [definition]);
        else list.push(definition);
      }
    }
    const all = new Set(found);
    for (let next = found.pop(); next !== undefined; next = found.pop()) {
      for (const user of users.get(next) ?? []) {
        this.#budget.spend();
        if (all.has(user)) continue;
        all.add(user);
        found.push(user);
      }
    }
    return all;
  }

  #isSpecial(definition: ModuleDefinition): boolean {
    if (this.#special.has(definition)) return true;
    // The bodies of %ignore are made up on the way.
    const { special, uses } = this.#look(definition);
    return special || uses.some((each) => this.#special.has(each));
  }

  /** Whether a definition has an assertion or a lazy repeat of its own, and which others it is made of. */
  #look(definition: ModuleDefinition): { readonly special: boolean; readonly uses: readonly ModuleDefinition[] } {
    const uses: ModuleDefinition[] = [];
    const visit = (node: LarkNode, module: LarkModule): boolean => {
      this.#budget.spend();
      switch (node.kind) {
        case "regex": {
          // Most patterns have nothing of the kind, and need not be translated for that.
          if (!/[*+?}]\?|\(\?|[\^$]|\\[bBAZz]/.test(node.source)) return false;
          const { analysis } = readPattern(node.source, node.flags, module.source, node.offset);
          return analysis.asserts || analysis.lazy;
        }
        case "name": {
          const target = this.#modules.resolve(module, node.name);
          if (target?.head.isTerminal === true) uses.push(target);
          return false;
        }
        case "sequence":
          return node.items.reduce((special, each) => visit(each, module) || special, false);
        case "choice":
          return node.alternatives.reduce((special, each) => visit(each, module) || special, false);
        case "repeat":
          return visit(node.item, module);
        default:
          // Intersections and complements are of whole texts: what is inside them stands for itself.
          return false;
      }
    };
    if (!definition.head.isTerminal && definition.head.attributes.length === 0) return { special: false, uses };
    const special = definition.bodies.reduce((any, each) => visit(each.body, each.module) || any, false);
    return { special, uses };
  }

  #writeDefinition(
    definition: ModuleDefinition,
    parts: string[],
    modes: { nestedClasses: boolean },
    open: Set<ModuleDefinition>,
  ): void {
    if (open.has(definition)) {
      throw definition.module.source.invalid(
        definition.head.offset,
        `The terminal ${definition.head.name} must be regular, but refers to itself,`,
      );
    }
    open.add(definition);
    if (definition.declared) parts.push("[]");
    else {
      parts.push("(?:");
      definition.bodies.forEach((each, index) => {
        if (index > 0) parts.push("|");
        this.#write(each.body, each.module, parts, modes, open);
      });
      parts.push(")");
    }
    open.delete(definition);
  }

  #write(
    node: LarkNode,
    module: LarkModule,
    parts: string[],
    modes: { nestedClasses: boolean },
    open: Set<ModuleDefinition>,
  ): void {
    this.#budget.spend();
    switch (node.kind) {
      case "literal": {
        this.#budget.spend(node.text.length);
        const text = [...node.text].map((each) => escapedCharacter(each.codePointAt(0) as number)).join("");
        parts.push(node.ignoreCase ? `(?i:${text})` : `(?:${text})`);
        return;
      }
      case "range":
        parts.push(`[${escapedCharacter(node.from, true)}-${escapedCharacter(node.to, true)}]`);
        return;
      case "regex": {
        const { source, flags } = readPattern(node.source, node.flags, module.source, node.offset);
        this.#budget.spend(source.length);
        if (flags.includes("v")) modes.nestedClasses = true;
        parts.push(`(?${flags.replaceAll(/[uv]/g, "")}:`, source, ")");
        return;
      }
      case "name": {
        const target = this.#modules.resolve(module, node.name);
        if (target === undefined || !target.head.isTerminal) {
          const reason = target === undefined ? "is not defined" : "is not a terminal";
          throw module.source.invalid(node.offset, `${node.name} ${reason}, but part of a terminal`);
        }
        this.#writeDefinition(target, parts, modes, open);
        return;
      }
      case "sequence":
        for (const item of node.items) this.#write(item, module, parts, modes, open);
        return;
      case "choice":
        parts.push("(?:");
        node.alternatives.forEach((each, index) => {
          if (index > 0) parts.push("|");
          this.#write(each, module, parts, modes, open);
        });
        parts.push(")");
        return;
      case "repeat":
        parts.push("(?:");
        this.#write(node.item, module, parts, modes, open);
        parts.push(`){${node.min},${node.max ?? ""}}`);
        return;
      default:
        throw module.source.unsupported(
          node.offset,
          "An assertion or a lazy repeat beside an intersection, a complement, a token or %regex is not supported",
        );
    }
  }
}
