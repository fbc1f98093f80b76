import { score } from "../../../examples/src/support/evaluation/score.ts";
import {
  generate,
  text,
  type DiffusionSettings,
  type LoadedDiffusionModel,
} from "../../../packages/espalier/src/index.ts";
import type { Task } from "./tasks.ts";

/** A canvas as it was filled, before it is judged. */
export interface Filled {
  readonly written: string;
  readonly tokens: number;
  readonly modelCalls: number;
  readonly modelMs: number;
  readonly constraintMs: number;
}

/** What one canvas came to. */
export interface TaskResult extends Omit<Filled, "written"> {
  /** Valid for ajv (with formats) against the task's schema, and whatever else the task asks for. */
  readonly isValid: boolean;
  readonly isExact: boolean;
  readonly fieldsRight: number;
  readonly fieldCount: number;
}

/** Fills one canvas, under the task's constraint or freely; the prompt is the same. */
export async function fill(
  model: LoadedDiffusionModel,
  task: Task,
  diffusion: DiffusionSettings,
  options: { readonly isFree: boolean; readonly canvas: number },
): Promise<Filled> {
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
  return {
    written,
    tokens: usage.outputTokens,
    modelCalls: usage.modelCalls,
    modelMs: timings.modelMs,
    constraintMs: timings.maskMs,
  };
}

export function judge(task: Task, { written, ...filled }: Filled): TaskResult {
  const { complaint, ...right } = score({ ...task, domain: "" }, written);
  return { ...right, ...filled, isValid: complaint === undefined && task.accepts(written) };
}
