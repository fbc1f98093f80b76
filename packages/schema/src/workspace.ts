import { compileRegex, TermArena, type Term } from "@espalier/grammar";
import { ConstantValues } from "./formula/constant-values.ts";
import { Satisfiability } from "./formula/satisfiability.ts";
import { ValueAlgebra } from "./formula/value-algebra.ts";
import type { EscapePolicy } from "./frames/escapes.ts";
import { JsonMachine } from "./frames/json-machine.ts";
import type { PropertyOrder } from "./frames/object-states.ts";
import { NumberAlgebra } from "./number/number-set.ts";

/**
 * Bytes after which a workspace is left to those who still use it, and a new one begun. With half as much, schemas that have much
 * in common take several times as long: what they share is worked out again in each new workspace.
 */
const ROLL_OVER_BYTES = 48 * 2 ** 20;
/** What a frame and a formula hold in heap objects, with the records made for them alone; measured over real-world schemas. */
const FRAME_BYTES = 800;
const FORMULA_BYTES = 1_200;
/** An entry of a map from numbers, or from a short text. */
const ANSWER_BYTES = 80;

export interface WorkspaceLimits {
  readonly maxTerms: number;
  readonly maxFormulas: number;
  readonly maxFrames: number;
  readonly maxWorkPerStep: number;
}

const DEFAULT_LIMITS: WorkspaceLimits = {
  maxTerms: 2_000_000,
  maxFormulas: 1_000_000,
  maxFrames: 2_000_000,
  maxWorkPerStep: 1_000_000,
};

/**
 * Everything that schemas compiled in one process share: terms, formulas, frames and, through them, masks.
 *
 * Nothing in a workspace is ever freed; the workspace as a whole is, once it has grown past a size, later schemas have been
 * given a new one, and the last matcher and {@link JsonSchema} over it are gone. Constraints do not keep it: they compile their schema
 * again, in the workspace of the day, when they are next used. A server's memory is thus bounded by what is in use and one
 * workspace.
 */
export class Workspace {
  readonly arena: TermArena;
  readonly values: ValueAlgebra;
  readonly constants: ConstantValues;
  readonly satisfiability: Satisfiability;
  readonly #limits: WorkspaceLimits;
  readonly #machines = new Map<string, JsonMachine>();

  constructor(limits: WorkspaceLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
    this.arena = new TermArena({ maxTerms: limits.maxTerms });
    this.values = new ValueAlgebra(this.arena, new NumberAlgebra(this.arena), limits.maxFormulas);
    this.constants = new ConstantValues(this.values);
    this.satisfiability = new Satisfiability(this.values, this.constants);
  }

  /** True when later schemas had better begin a new workspace. */
  get isFull(): boolean {
    return this.bytesHeld > ROLL_OVER_BYTES || this.values.numbers.isFull;
  }

  /** About what the workspace holds, masks not counted. */
  get bytesHeld(): number {
    let bytes = this.arena.stats.bytesHeld + this.values.formulaCount * FORMULA_BYTES;
    bytes += this.values.objects.remembered * ANSWER_BYTES;
    for (const machine of this.#machines.values()) bytes += machine.actionBytes + machine.frameCount * FRAME_BYTES;
    return bytes;
  }

  /** The machine for JSON text with the given whitespace (a regular expression), property order and escapes. */
  machine(whitespace: string, propertyOrder: PropertyOrder, escapes: EscapePolicy): JsonMachine {
    const key = `${propertyOrder} ${escapes} ${whitespace}`;
    let machine = this.#machines.get(key);
    if (machine === undefined) {
      machine = new JsonMachine(this.values, this.constants, this.satisfiability, {
        whitespace: this.#whitespace(whitespace),
        propertyOrder,
        escapes,
        maxFrames: this.#limits.maxFrames,
        maxWorkPerStep: this.#limits.maxWorkPerStep,
      });
      this.#machines.set(key, machine);
    }
    return machine;
  }

  #whitespace(source: string): Term {
    const term = compileRegex(this.arena, source, { match: "whole", flags: "u", place: "whitespace" });
    return this.arena.intersect(term, this.arena.repeat(this.arena.words([" ", "\t", "\n", "\r"]), 0, Infinity));
  }
}

let current: Workspace | undefined;

/** The workspace for schemas compiled from now on. */
export function sharedWorkspace(): Workspace {
  if (current === undefined || current.isFull) current = new Workspace();
  return current;
}
