import { open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InvalidInputError, ModelError } from "@espalier/grammar";

/** The number formats in which exports come, named as Hugging Face names them. */
export type OnnxDtype = "fp32" | "fp16" | "q8" | "int8" | "uint8" | "q4" | "q4f16" | "bnb4";

const SUFFIXES: Readonly<Record<OnnxDtype, string>> = {
  fp32: "",
  fp16: "_fp16",
  q8: "_quantized",
  int8: "_int8",
  uint8: "_uint8",
  q4: "_q4",
  q4f16: "_q4f16",
  bnb4: "_bnb4",
};

/** `decoder_model*` is how older exports named theirs. */
const STEMS = ["model", "decoder_model_merged", "decoder_with_past_model"];

export interface ModelFileChoice {
  readonly dtype?: OnnxDtype | undefined;
  readonly file?: string | undefined;
}

/**
 * The absolute path of the model file in `folder`: `onnx/model.onnx`, the one of a dtype, or a named one.
 * With no choice made and no fp32 file there, the only model file.
 * @throws ModelError when it is missing, empty, or a Git LFS pointer; the files that are there are named
 * @throws InvalidInputError when the dtype is unknown
 * @internal
 */
export async function findModelFile(folder: string, choice: ModelFileChoice): Promise<string> {
  const { dtype, file } = choice;
  if (dtype !== undefined && !Object.hasOwn(SUFFIXES, dtype)) {
    throw new InvalidInputError({
      message: `The dtype "${dtype}" is not one of ${Object.keys(SUFFIXES).join(", ")}.`,
      place: "dtype",
      hint: "Name any other file with the option `file`.",
    });
  }
  const present = await listModelFiles(folder);
  const suffix = SUFFIXES[dtype ?? "fp32"];
  const wanted =
    file === undefined
      ? STEMS.flatMap((stem) => [`onnx/${stem}${suffix}.onnx`, `${stem}${suffix}.onnx`])
      : [file, `onnx/${file}`];
  let found = wanted.find((path) => present.includes(path));
  if (found === undefined && file === undefined && dtype === undefined && present.length === 1) {
    found = present[0];
  }
  if (found === undefined) {
    const there = present.length === 0 ? "no .onnx file at all" : present.join(", ");
    throw new ModelError({
      message: `There is no ${wanted[0]} in ${folder}; it has ${there}.`,
      place: join(folder, wanted[0]),
      hint: "Choose one with the option `dtype` or `file`, or fetch the missing file.",
    });
  }
  const path = resolve(folder, found);
  await refuseStub(path);
  return path;
}

async function listModelFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const prefix of ["onnx/", ""]) {
    let names: string[];
    try {
      names = await readdir(join(folder, prefix));
    } catch {
      continue;
    }
    for (const name of names.toSorted()) {
      if (name.endsWith(".onnx")) files.push(prefix + name);
    }
  }
  return files;
}

async function refuseStub(path: string): Promise<void> {
  if ((await stat(path)).size === 0) {
    throw new ModelError({
      message: `The model file ${path} is empty.`,
      place: path,
      hint: "Fetch the file again.",
    });
  }
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(32), position: 0 });
    if (!buffer.toString("latin1", 0, bytesRead).startsWith("version https://git-lfs")) return;
  } finally {
    await handle.close();
  }
  throw new ModelError({
    message: `The model file ${path} is a Git LFS pointer, not the model.`,
    place: path,
    hint: "Run `git lfs pull`, or fetch the file itself.",
  });
}
