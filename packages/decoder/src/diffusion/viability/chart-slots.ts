import { DEAD, GrammarMachine, type TokenId, type WorkBudget } from "@espalier/grammar";
import type { TokenGraph } from "../trellis/token-graph.ts";
import type { CanvasSlot } from "./canvas-part.ts";
import { withinShare } from "./within-share.ts";
import { CanvasReader } from "./canvas-reader.ts";
import { FrameProgram } from "./frame-program.ts";
import { GrammarProgram } from "./grammar-program.ts";
import { fillByChart } from "./pushdown-chart.ts";

/** What a chart says: tokens that fill the slots, `undefined` when there are none, or that it cannot tell. */
export type ChartAnswer = { readonly tokens: TokenId[] | undefined } | "unknown";

export interface ChartOptions {
  readonly budget: WorkBudget;
  readonly signal?: AbortSignal | undefined;
}

/** Of the steps, what the search for plain fillings may take. */
const PLAIN_SHARE = 0.5;

/**
 * Fills slots by {@link fillByChart}. The tokens that it finds are read by the automaton itself before they are believed.
 *
 * It cannot tell where captured text decides (keys of objects that may have any keys), and for some grammars that cut
 * texts into terminals first, or hold other automata: then the text that it finds is one of the productions but not of the language.
 *
 * With end tokens, slots must be one token each, as on a canvas of fixed length: the text then ends where end token and padding fit.
 * @throws LimitExceededError by the budget
 * @internal
 */
export function chartSlots(graph: TokenGraph, slots: readonly CanvasSlot[], options: ChartOptions): ChartAnswer {
  const { automaton, vocabulary } = graph;
  const { budget } = options;
  const tails = tailsOf(graph, slots);
  if (tails === undefined) return "unknown";
  const { machine } = automaton;
  const form = machine instanceof GrammarMachine ? machine.contextFreeForm : undefined;
  const program = form === undefined ? new FrameProgram(machine, automaton.startFrame) : new GrammarProgram(form);
  const fill = (isPlain: boolean, spend: WorkBudget): TokenId[] | undefined => {
    const isFinalSlot = (slot: number): boolean => tails[slot] !== undefined;
    const reader = new CanvasReader(vocabulary, slots, { isFinalSlot, isPlain, budget: spend });
    const run = (): TokenId[] | undefined => fillByChart(program, reader, spend);
    const tokens = form === undefined ? run() : form.arena.within(spend, run);
    if (tokens === undefined || graph.eosTokens.length === 0) return tokens;
    return [...tokens, ...tails[tokens.length]!];
  };
  // Most canvases that can be filled can be filled plainly, and each way to escape a character is a frame of its own.
  if (slots.some(({ maxTokens }) => maxTokens === Infinity)) {
    const tokens = withinShare(budget, PLAIN_SHARE, options.signal, (own) => fill(true, own));
    if (tokens !== undefined && isMember(graph, tokens)) return { tokens };
  }
  const tokens = fill(false, budget);
  if (tokens === undefined) return program.hasAllTexts ? { tokens } : "unknown";
  return isMember(graph, tokens) ? { tokens } : "unknown";
}

function isMember(graph: TokenGraph, tokens: readonly TokenId[]): boolean {
  let state = graph.start;
  for (const token of tokens) if (state !== DEAD) state = graph.after(state, token);
  return state !== DEAD && graph.isFinal(state);
}

/** For each slot, and the end, the tokens that fill what is left when the text ends before it; `undefined` where none do. */
function tailsOf(graph: TokenGraph, slots: readonly CanvasSlot[]): (TokenId[] | undefined)[] | undefined {
  const tails: (TokenId[] | undefined)[] = Array.from({ length: slots.length + 1 }, () => undefined);
  tails[slots.length] = [];
  const { eosTokens, paddingTokens } = graph;
  if (eosTokens.length === 0) return tails;
  if (slots.some(({ minTokens, maxTokens }) => minTokens !== 1 || maxTokens !== 1)) return undefined;
  let padding: TokenId[] | undefined = [];
  for (let slot = slots.length - 1; slot >= 0 && padding !== undefined; slot--) {
    const { token } = slots[slot];
    const end = token === undefined ? eosTokens[0] : eosTokens.find((each) => each === token);
    if (end !== undefined) tails[slot] = [end, ...padding];
    const pad: TokenId | undefined =
      token === undefined ? paddingTokens[0] : paddingTokens.find((each) => each === token);
    padding = pad === undefined ? undefined : [pad, ...padding];
  }
  return tails;
}
