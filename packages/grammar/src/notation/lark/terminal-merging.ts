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
  readonly #special: Map<ModuleDefinition, boolean> = new Map();

  constructor(modules: LarkModules, budget: WorkBudget) {
    this.#modules = modules;
    this.#budget = budget;
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

  #isSpecial(definition: ModuleDefinition): boolean {
    const known = this.#special.get(definition);
    if (known !== undefined) return known;
    this.#special.set(definition, false);
    const special = definition.bodies.some((each) => this.#nodeIsSpecial(each.body, each.module));
    this.#special.set(definition, special);
    return special;
  }

  #nodeIsSpecial(node: LarkNode, module: LarkModule): boolean {
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
        return target !== undefined && this.#isSpecial(target);
      }
      case "sequence":
        return node.items.some((each) => this.#nodeIsSpecial(each, module));
      case "choice":
        return node.alternatives.some((each) => this.#nodeIsSpecial(each, module));
      case "repeat":
        return this.#nodeIsSpecial(node.item, module);
      default:
        // Intersections and complements are of whole texts: what is inside them stands for itself.
        return false;
    }
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
