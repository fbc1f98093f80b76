import { AbortedError, LimitExceededError, ModelError, type TokenId } from "@espalier/grammar";
import type { TokenText } from "../../autoregressive/decode-options.ts";
import { Random } from "../../sampling/random.ts";
import { OPEN } from "../canvas/canvas-tokens.ts";
import { confidenceThreshold } from "../policies/confidence-threshold.ts";
import { surestFirst } from "../policies/surest-first.ts";
import type { UnmaskingPolicy, UnmaskingStep } from "../policies/unmasking-policy.ts";
import { DEFAULT_BEAM_WIDTH, DEFAULT_CANDIDATES } from "../trellis/beam-trellis.ts";
import { DEFAULT_MAX_STATES } from "../trellis/exact-trellis.ts";
import { PositionScores } from "../trellis/position-scores.ts";
import { tokenGraphOf } from "../trellis/token-graph-of.ts";
import type { CanvasState } from "./canvas-state.ts";
import { canvasOf, checkDiffusionOptions } from "./check-diffusion-options.ts";
import { ConstrainedCanvas } from "./constrained-canvas.ts";
import type { DiffusionEvent, DiffusionFinishEvent } from "./diffusion-event.ts";
import type { DiffusionDecodeOptions } from "./diffusion-options.ts";
import { FreeCanvas } from "./free-canvas.ts";
import type { Proposal } from "./proposal.ts";
import { ViabilityCanvas } from "./viability-canvas.ts";

/** Vocabularies up to this size get exact trellises unless told otherwise. */
const MAX_EXACT_VOCABULARY = 16_384;

/**
 * Fills a canvas with a masked-diffusion model: an event after each step, and last the text. Under a constraint the text is valid,
 * whatever the model and the policy.
 *
 * Each step: commit what the constraint leaves no choice about; call the model once for the whole canvas; propose a valid canvas;
 * let the policy choose which of its positions are committed. Padding is never committed by itself: it follows from the end token.
 *
 * @throws InvalidInputError for options out of range
 * @throws UnsatisfiableError when the tokens on the canvas contradict the constraint, before the first model call
 * @throws LimitExceededError when the canvas is too short (`canvasLength`, with the least length that would do as `needed`) or does
 *   not fit the model's context (`contextLength`), before the first model call; at `maxWork`
 * @throws ModelError when the model fails
 * @throws AbortedError when the signal has fired
 */
export async function* decodeDiffusion(
  options: DiffusionDecodeOptions,
): AsyncGenerator<DiffusionEvent, void, undefined> {
  const startedAt = performance.now();
  const { model, prompt, policy = confidenceThreshold(), signal, temperature = 0 } = options;
  AbortedError.throwIfAborted(signal);
  const canvas = canvasOf(options.canvas);
  checkDiffusionOptions(options, canvas);
  checkContext(prompt.length, canvas.length, model.contextLength);
  const random = new Random(options.seed ?? Random.freshSeed());
  const state = begin(options, canvas, temperature > 0 ? random : undefined);
  const blockLength = options.blockLength ?? canvas.length;
  let modelCalls = 0;
  let forcedTokens = 0;
  /** Positions that were forced since the last event. */
  let forced: number[] = [];
  let modelMs = 0;
  let constraintMs = performance.now() - startedAt;
  let blockStart = 0;
  let blockEnd = Math.min(blockLength, canvas.length);
  let step = 0;
  for (;;) {
    while (blockEnd < canvas.length && isDecided(state, blockEnd)) {
      blockStart = blockEnd;
      blockEnd = Math.min(blockEnd + blockLength, canvas.length);
      step = 0;
    }
    const forcedAt = performance.now();
    const newlyForced = state.commitForced(blockEnd);
    forced.push(...newlyForced);
    forcedTokens += newlyForced.length;
    constraintMs += performance.now() - forcedAt;
    if (isDecided(state, canvas.length)) {
      if (forced.length > 0) yield canvasEvent(state, modelCalls, forced);
      break;
    }
    if (isDecided(state, blockEnd)) continue;

    AbortedError.throwIfAborted(signal);
    const calledAt = performance.now();
    const input = [...prompt, ...Array.from(state.tokens, (token) => (token === OPEN ? model.maskToken : token))];
    const rows = await model.predict(input, { from: prompt.length, signal });
    modelMs += performance.now() - calledAt;
    modelCalls++;

    const decidedAt = performance.now();
    const scores = new PositionScores(openRows(rows, state.tokens, model.maskToken, blockEnd), temperature || 1);
    const proposal = state.propose(scores, blockEnd);
    const shown = unmaskingStep(state, proposal, blockStart, blockEnd, step++);
    const chosen = chosenPositions(policy, shown);
    for (const position of chosen) state.commit(position, proposal, scores);
    constraintMs += performance.now() - decidedAt;
    yield canvasEvent(state, modelCalls, [...forced, ...chosen]);
    forced = [];
  }
  const { refusedTokens, exactSteps } = state;
  yield {
    type: "finish",
    ...result(state, textVocabulary(options)),
    seed: random.seed,
    usage: { promptTokens: prompt.length, modelCalls, forcedTokens, refusedTokens, exactSteps },
    timings: { modelMs, constraintMs, totalMs: performance.now() - startedAt },
  };
}

function begin(options: DiffusionDecodeOptions, tokens: Int32Array, random: Random | undefined): CanvasState {
  const { model, constraint, signal, maxWork = 20_000_000, maxStates = DEFAULT_MAX_STATES } = options;
  const eosTokens = constraint?.vocabulary.eosTokens ?? options.vocabulary?.eosTokens ?? model.eosTokens;
  const paddingTokens = model.padToken === undefined ? eosTokens : [model.padToken];
  if (constraint === undefined) {
    return new FreeCanvas({ tokens, eosTokens, paddingToken: paddingTokens[0] ?? model.maskToken, random });
  }
  const graph = tokenGraphOf(constraint, { eosTokens, paddingTokens });
  if (options.proposals === "viability") {
    return new ViabilityCanvas({ graph, tokens, maxStates, maxWork, random, signal });
  }
  const byVocabulary = constraint.vocabulary.size > MAX_EXACT_VOCABULARY ? DEFAULT_CANDIDATES : "all";
  return new ConstrainedCanvas({
    graph,
    tokens,
    confidence: options.confidence ?? "model",
    candidates: options.candidates ?? byVocabulary,
    maxStates,
    beamWidth: options.beamWidth ?? DEFAULT_BEAM_WIDTH,
    maxWork,
    random,
    signal,
  });
}

/** True when nothing before `end` is open but what an end token closed. */
function isDecided(state: CanvasState, end: number): boolean {
  for (let position = 0; position < end; position++) {
    const token = state.tokens[position];
    if (token === OPEN) return false;
    if (state.isEnd(token)) return true;
  }
  return true;
}

/** The logits of the open positions before `end`, without the mask token, which is no answer. */
function openRows(
  rows: readonly Float32Array[],
  tokens: Int32Array,
  maskToken: TokenId,
  end: number,
): (Float32Array | undefined)[] {
  return rows.map((row, position) => {
    if (tokens[position] !== OPEN) return undefined;
    row[maskToken] = -Infinity;
    if (position < end && row.every((logit) => logit === -Infinity)) {
      throw new ModelError({
        message: `The model leaves no token but the mask token at position ${position} of the canvas.`,
        place: `canvas[${position}]`,
      });
    }
    return row;
  });
}

/** What the policy is shown: open positions of the block that the proposed text takes, its end token included. */
function unmaskingStep(
  state: CanvasState,
  proposal: Proposal,
  blockStart: number,
  blockEnd: number,
  step: number,
): UnmaskingStep {
  const positions: number[] = [];
  let committed = 0;
  let hasEnded = false;
  for (let position = 0; position < blockEnd && !hasEnded; position++) {
    if (state.tokens[position] === OPEN) positions.push(position);
    else if (position >= blockStart) committed++;
    hasEnded = state.isEnd(proposal.tokens[position]);
  }
  const confidences = positions.map((position) => proposal.confidenceAt(position));
  return {
    positions: Int32Array.from(positions),
    probabilities: Float64Array.from(confidences, ({ probability }) => probability),
    gaps: Float64Array.from(confidences, ({ gap }) => gap),
    step,
    blockLength: committed + positions.length,
    committed,
  };
}

/** The policy's choice, ascending; the surest position where it makes none. */
function chosenPositions(policy: UnmaskingPolicy, shown: UnmaskingStep): number[] {
  const { positions, probabilities } = shown;
  const indices = new Set([...policy.choose(shown)].filter((index) => positions[index] !== undefined));
  if (indices.size === 0) indices.add(surestFirst(probabilities)[0]);
  return [...indices].sort((a, b) => a - b).map((index) => positions[index]);
}

function canvasEvent(state: CanvasState, modelCalls: number, committed: readonly number[]): DiffusionEvent {
  const tokens = Array.from(state.tokens, (token) => (token === OPEN ? undefined : token));
  return {
    type: "canvas",
    modelCalls,
    tokens,
    proposal: [...state.outlook],
    committed: committed.toSorted((a, b) => a - b),
  };
}

function result(
  state: CanvasState,
  vocabulary: TokenText | undefined,
): Pick<DiffusionFinishEvent, "tokens" | "canvas" | "text" | "reason"> {
  const canvas = Array.from(state.tokens, (token, position) => (token === OPEN ? state.outlook[position] : token));
  const end = canvas.findIndex((token) => state.isEnd(token));
  const tokens = end === -1 ? canvas : canvas.slice(0, end);
  const isComplete = end !== -1 || !(state instanceof FreeCanvas);
  return { tokens, canvas, text: textOf(tokens, vocabulary), reason: isComplete ? "end" : "length" };
}

function textOf(tokens: readonly TokenId[], vocabulary: TokenText | undefined): string {
  if (vocabulary === undefined) return "";
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const pieces = tokens
    .filter((token) => token < vocabulary.size)
    .map((token) => decoder.decode(vocabulary.bytes(token), { stream: true }));
  return pieces.join("") + decoder.decode();
}

function textVocabulary(options: DiffusionDecodeOptions): TokenText | undefined {
  return options.constraint?.vocabulary ?? options.vocabulary;
}

function checkContext(promptLength: number, canvasLength: number, contextLength: number): void {
  const needed = promptLength + canvasLength;
  if (needed <= contextLength) return;
  throw new LimitExceededError({
    message: `A prompt of ${promptLength} tokens and a canvas of ${canvasLength} exceed the model's context of ${contextLength} tokens.`,
    limit: "contextLength",
    allowed: contextLength,
    needed,
    hint: "Shorten the prompt or the canvas.",
  });
}
