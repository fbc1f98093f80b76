import { stat } from "node:fs/promises";
import { ModelError } from "@espalier/grammar";
import type { InferenceSession } from "onnxruntime-node";

/** How onnxruntime is to run a model file. @internal */
export interface SessionChoice {
  readonly threads?: number | undefined;
  readonly sessionOptions?: InferenceSession.SessionOptions | undefined;
}

/** @throws ModelError when there is no such folder @internal */
export async function checkFolder(folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isFolder) return;
  throw new ModelError({ message: `There is no folder ${folder}.`, place: folder });
}

/** @throws ModelError when it is not there, or not for this machine @internal */
export async function importOnnxruntime(): Promise<typeof import("onnxruntime-node")> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new ModelError({
      message: `onnxruntime-node cannot be loaded on ${process.platform} ${process.arch}: ${(cause as Error).message}`,
      place: "onnxruntime-node",
      hint: "Install onnxruntime-node; it carries binaries for Linux, macOS (arm64) and Windows.",
      cause,
    });
  }
}

/** @throws ModelError when the file is damaged @internal */
export async function createSession(
  onnxruntime: typeof import("onnxruntime-node"),
  file: string,
  options: SessionChoice,
): Promise<InferenceSession> {
  try {
    return await onnxruntime.InferenceSession.create(file, {
      // Failures are thrown; there is no need to print them as well.
      logSeverityLevel: 4,
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
      ...options.sessionOptions,
    });
  } catch (cause) {
    throw new ModelError({
      message: `onnxruntime cannot load ${file}: ${(cause as Error).message}`,
      place: file,
      hint: "The file, or its external data (*.onnx_data, which must lie beside it), is truncated, missing or damaged: fetch both again.",
      cause,
    });
  }
}
