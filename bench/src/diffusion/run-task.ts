import { score } from "../../../examples/src/support/evaluation/score.ts";
import {
  generate,
  text,
  type DiffusionSettings,
  type LoadedDiffusionModel,
} from "../../../packages/espalier/src/index.ts";
import type { Task } from "./tasks.ts";

/** What one canvas came to. */
export interface TaskResult {
  /** Valid for ajv (with formats) against the task's schema; for a regular expression, which is looser, JSON that has its members. */
  readonly isValid: boolean;
  readonly isExact: boolean;
  readonly fieldsRight: number;
  readonly fieldCount: number;
  readonly tokens: number;
  readonly modelCalls: number;
  readonly modelMs: number;
  readonly constraintMs: number;
}

/** Fills one canvas, under the task's constraint or freely; the prompt is the same. */
export async function runTask(
  model: LoadedDiffusionModel,
  task: Task,
  diffusion: DiffusionSettings,
  options: { readonly isFree: boolean; readonly canvas: number },
): Promise<TaskResult> {
  const {
    text: written,
    usage,
    timings,
  } = await generate({
    model,
    messages: [
      { role: "system", content: task.instruction },
      { role: "user", content: task.text },
    ],
    promptHelper: false,
    output: options.isFree ? text() : task.output,
    maxTokens: options.canvas,
    diffusion,
  });
  const { complaint, ...right } = score({ ...task, domain: "" }, written);
  return {
    ...right,
    isValid: complaint === undefined,
    tokens: usage.outputTokens,
    modelCalls: usage.modelCalls,
    modelMs: timings.modelMs,
    constraintMs: timings.maskMs,
  };
}
