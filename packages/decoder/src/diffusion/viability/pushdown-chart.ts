import type { Result, TokenId, WorkBudget } from "@espalier/grammar";
import type { CanvasNode, CanvasReader } from "./canvas-reader.ts";
import type { Control, ProgramSteps, PushdownProgram } from "./pushdown-program.ts";

const CONTROLS = 0x400_0000;
const NO_TOKEN = -1;

/** A call: a control that was put on a stack at a place. What happens above it does not depend on what is below. */
interface Entry {
  readonly facts: Map<number, Fact>;
  readonly callers: { readonly fact: Fact; readonly parent: Control; readonly token: TokenId }[];
  readonly exits: Exit[];
  readonly exitKeys: Set<number>;
}

/** A control that a call can have become at a place, and how it first did. */
interface Fact {
  readonly entry: Entry;
  readonly control: Control;
  readonly node: CanvasNode;
  readonly before: Fact | undefined;
  /** The token that was completed on the way here from `before`, in front of `through`; or -1. */
  readonly token: TokenId;
  /** The call that was made and ended in between. */
  readonly through: Exit | undefined;
}

/** The end of a call at a place. */
interface Exit {
  readonly result: Result;
  readonly node: CanvasNode;
  readonly fact: Fact;
  readonly token: TokenId;
}

/**
 * Tokens of a text of a pushdown program that fits a canvas; `undefined` when there is none.
 *
 * The intersection of a pushdown language with a regular one is empty or not by reachability: for each call, made at a place of the
 * canvas, the controls and places that it can reach at its own level of the stack, and where it can end. Each is found once,
 * however deep the stack. (For grammars, this is Bar-Hillel's intersection, explored from the start as by Earley's parser; for
 * automata, the saturation of Bouajjani, Esparza & Maler, "Reachability analysis of pushdown automata", 1997.) So it ends
 * whenever the controls are finitely many, open-ended holes or not.
 *
 * Complexity: O(calls × controls × places), and as much again for each pair of calls that meet; a step of the budget for what is new, and for each sixteen that are looked at.
 * @throws LimitExceededError by the budget
 * @internal
 */
export function fillByChart(program: PushdownProgram, reader: CanvasReader, budget: WorkBudget): TokenId[] | undefined {
  const entries = new Map<number, Entry>();
  const queue: Fact[] = [];
  const add = (
    entry: Entry,
    control: Control,
    node: CanvasNode,
    before: Fact | undefined,
    token: TokenId,
    through: Exit | undefined,
  ): void => {
    const key = node * CONTROLS + control;
    if (entry.facts.has(key)) return;
    budget.spend();
    const fact = { entry, control, node, before, token, through };
    entry.facts.set(key, fact);
    queue.push(fact);
  };
  const goOn = ({ fact, parent, token }: Entry["callers"][number], exit: Exit): void => {
    const control = program.resume(parent, exit.result);
    if (control >= 0) add(fact.entry, control, exit.node, fact, token, exit);
  };
  const root = newEntry();
  for (const node of reader.starts) add(root, program.start, node, undefined, NO_TOKEN, undefined);
  for (const fact of queue) {
    const { entry, node } = fact;
    const moves = reader.moves(node);
    // What a move takes is little beside a step of a search.
    budget.spend(1 + (moves.bytes.length >>> 4));
    let last: Exit | undefined;
    const found: ProgramSteps = {
      become: (control) => add(entry, control, node, fact, NO_TOKEN, undefined),
      go: (control, move) => add(entry, control, moves.targets[move], fact, moves.tokens[move], undefined),
      call: (child, parent, move) => {
        const at = move < 0 ? node : moves.targets[move];
        const token = move < 0 ? NO_TOKEN : moves.tokens[move];
        const key = at * CONTROLS + child;
        let callee = entries.get(key);
        if (callee === undefined) {
          entries.set(key, (callee = newEntry()));
          add(callee, child, at, undefined, NO_TOKEN, undefined);
        }
        const caller = { fact, parent, token };
        callee.callers.push(caller);
        budget.spend(callee.exits.length >>> 4);
        for (const exit of callee.exits.slice()) goOn(caller, exit);
      },
      exit: (result, place, move) => {
        const at = move < 0 ? place : moves.targets[move];
        const key = at * CONTROLS + result;
        if (entry.exitKeys.has(key)) return;
        entry.exitKeys.add(key);
        budget.spend(1 + (entry.callers.length >>> 4));
        const exit = { result, node: at, fact, token: move < 0 ? NO_TOKEN : moves.tokens[move] };
        if (entry === root && reader.isFinal(at)) last = exit;
        entry.exits.push(exit);
        for (const caller of entry.callers.slice()) goOn(caller, exit);
      },
    };
    program.steps(fact.control, node, moves, reader, found);
    if (last !== undefined) return tokensTo(last, budget);
  }
  return undefined;
}

function newEntry(): Entry {
  return { facts: new Map(), callers: [], exits: [], exitKeys: new Set() };
}

/** The tokens on the way to an exit. A way is made of ways that were found before it, so it ends. */
function tokensTo(last: Exit, budget: WorkBudget): TokenId[] {
  const reversed: TokenId[] = [];
  // What is still to be written, the end of the text first: the top of the stack is next.
  const stack: (Exit | Fact | TokenId)[] = [last];
  for (let each = stack.pop(); each !== undefined; each = stack.pop()) {
    budget.spend();
    if (typeof each === "number") {
      if (each !== NO_TOKEN) reversed.push(each);
    } else if ("result" in each) {
      stack.push(each.fact, each.token);
    } else {
      if (each.before !== undefined) stack.push(each.before);
      stack.push(each.token);
      if (each.through !== undefined) stack.push(each.through);
    }
  }
  return reversed.reverse();
}
