import { type ByteMachine, LimitExceededError } from "@espalier/grammar";
import type { Conjunction } from "./conjunction.ts";
import { magnitudesOf, prefixRemainders } from "./magnitudes.ts";
import type { NumberState, Side } from "./number-state.ts";
import { shorterInteger } from "./shorter-integer.ts";
import { shortestRests } from "./shortest-rests.ts";
import { stateKey } from "./state-key.ts";
import { isAcceptingState, isLiveState } from "./state-liveness.ts";
import { EXPONENT_MARK, MINUS, PLUS, POINT, stepNumber } from "./step-number.ts";

const SYMBOL_COUNT = 14;

/** What each digit that was read adds to the work of a step: whether the next state is live is arithmetic on them. */
const DIGIT_COST = 1 / 8;

/** Beyond this many remainders each digit mostly leads to a state of its own. */
const FEW_REMAINDERS = 100n;

const UNKNOWN = -2;
const DEAD = -1;

/** Which symbol of `stepNumber` a byte is; 255 for none. */
const symbols: Uint8Array = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 10; digit++) symbols[0x30 + digit] = digit;
symbols[0x2e] = POINT;
symbols[0x45] = symbols[0x65] = EXPONENT_MARK;
symbols[0x2b] = PLUS;
symbols[0x2d] = MINUS;

/** The texts of one conjunction, byte by byte, as a trimmed automaton: see `NumberAlgebra.term` for the notations. */
export class NumberMachine implements ByteMachine {
  static readonly start = 0;
  readonly key: string;
  readonly #sides: readonly [Side | undefined, Side | undefined];
  readonly #maxStates: number;
  readonly #spend: ((steps: number) => void) | undefined;
  readonly #hasManyRemainders: boolean;
  readonly #states: NumberState[] = [];
  readonly #accepting: boolean[] = [];
  readonly #idOf: Map<string, number> = new Map();
  #successors: Int32Array = new Int32Array(SYMBOL_COUNT * 16).fill(UNKNOWN);

  /**
   * The conjunction must have a member, as canonical ones do.
   * @param spend takes the work of each step that is found out, more for long numbers
   */
  constructor(conjunction: Conjunction, maxStates: number, spend?: (steps: number) => void) {
    this.key = `number ${conjunction.key}`;
    this.#maxStates = maxStates;
    this.#hasManyRemainders = prefixRemainders(conjunction) > FEW_REMAINDERS;
    this.#spend = spend;
    const positive = magnitudesOf(conjunction, false);
    const negative = magnitudesOf(conjunction, true);
    const positiveSide = positive && { id: 0, set: positive };
    this.#sides = [
      positiveSide,
      // Sets that mirror themselves share their states.
      positiveSide?.set.key === negative?.key ? positiveSide : negative && { id: 1, set: negative },
    ];
    this.#intern({ phase: "start" });
  }

  /** States seen so far. */
  get stateCount(): number {
    return this.#states.length;
  }

  /** @throws LimitExceededError at `maxNumberStates` */
  next(state: number, byte: number): number {
    const symbol = symbols[byte];
    if (symbol === 255) return DEAD;
    const cell = state * SYMBOL_COUNT + symbol;
    const known = this.#successors[cell];
    if (known !== UNKNOWN) return known;
    this.#spend?.(1 + Math.floor(digitCount(this.#states[state]) * DIGIT_COST));
    const following = stepNumber(this.#states[state], symbol, this.#sides);
    const to = following === undefined ? DEAD : this.#intern(following);
    this.#successors[cell] = to;
    return to;
  }

  accepts(state: number): boolean {
    return this.#accepting[state];
  }

  isLive(state: number): boolean {
    return state >= 0;
  }

  representative(state: number, byteCount: number): number {
    const shorter = shorterInteger(this.#states[state], byteCount);
    return shorter === undefined ? state : this.#intern(shorter);
  }

  /** By symbol where the states themselves would hardly make fewer classes: to compare them, all of them would have to be found. */
  classes(_state: number): Uint8Array | undefined {
    return this.#hasManyRemainders ? symbols : undefined;
  }

  shortest(state: number): Uint8Array | undefined {
    const rest = this.shortestRests(state)?.[0];
    return rest === undefined ? undefined : Uint8Array.from(rest, (symbol) => symbol.charCodeAt(0));
  }

  /** See {@link shortestRests}. */
  shortestRests(state: number): string[] | undefined {
    const read = this.#states[state];
    const cost = 1 + Math.floor(digitCount(read) * DIGIT_COST);
    return shortestRests(read, (steps) => this.#spend?.(steps * cost));
  }

  describe(state: number): string {
    return `${this.key} at ${stateKey(this.#states[state])}`;
  }

  #intern(state: NumberState): number {
    const key = stateKey(state);
    const known = this.#idOf.get(key);
    if (known !== undefined) return known;
    const id = isLiveState(state) ? this.#add(state) : DEAD;
    this.#idOf.set(key, id);
    return id;
  }

  #add(state: NumberState): number {
    if (this.#states.length >= this.#maxStates) {
      throw new LimitExceededError({
        message: `The texts of ${this.key} take more states than maxNumberStates (${this.#maxStates}) allows.`,
        limit: "maxNumberStates",
        allowed: this.#maxStates,
        hint: "Use a multipleOf with fewer digits.",
      });
    }
    const id = this.#states.push(state) - 1;
    this.#accepting.push(isAcceptingState(state));
    if ((id + 1) * SYMBOL_COUNT > this.#successors.length) {
      const grown = new Int32Array(this.#successors.length * 2).fill(UNKNOWN);
      grown.set(this.#successors);
      this.#successors = grown;
    }
    return id;
  }
}

function digitCount(state: NumberState): number {
  return state.phase === "integer" ? state.count : state.phase === "fraction" ? state.length : 0;
}
