import { WatchedProcess } from "../support/watched-process.ts";
import type { ConformanceReply, ConformanceRequest } from "./conformance-worker.ts";
import { suiteFiles, type Section, type SuiteFile } from "./suite.ts";

export interface FileResult {
  readonly draft: string;
  readonly section: Section;
  readonly file: string;
  readonly passed: number;
  readonly total: number;
}

export interface FailingCase {
  /** Unique, as the baseline lists it. */
  readonly name: string;
  readonly draft: string;
  readonly section: Section;
  readonly file: string;
  readonly group: string;
  readonly test: string;
  readonly why: string;
}

export interface SuiteResult {
  readonly files: readonly FileResult[];
  readonly failures: readonly FailingCase[];
}

/** Runs the whole suite in a watched process; one group of tests (one schema) is one request. */
export async function runSuite(folder: string, timeLimitMs: number): Promise<SuiteResult> {
  const worker = new WatchedProcess<ConformanceRequest, ConformanceReply>({
    script: new URL("conformance-worker.ts", import.meta.url),
    args: [folder],
    timeLimitMs,
  });
  const files: FileResult[] = [];
  const failures: FailingCase[] = [];
  const names = new Map<string, number>();
  try {
    for (const file of suiteFiles(folder)) {
      let total = 0;
      const failuresBefore = failures.length;
      for (const group of file.groups) {
        total += group.tests.length;
        const outcome = await worker.ask({ group, dialect: file.dialect, formats: formatsOf(file) });
        group.tests.forEach((test, index) => {
          // The suite has a few cases of the same name.
          const plain = `${file.draft}/${file.path}: ${group.description} > ${test.description}`;
          const count = (names.get(plain) ?? 0) + 1;
          names.set(plain, count);
          const why =
            outcome.kind === "reply"
              ? outcome.reply[index]
              : outcome.kind === "crash"
                ? `crash: ${outcome.why}`
                : `timeout: over ${timeLimitMs} ms`;
          if (why === undefined) return;
          const { draft, section, path } = file;
          const name = count === 1 ? plain : `${plain} (${count})`;
          failures.push({ name, draft, section, file: path, group: group.description, test: test.description, why });
        });
      }
      const { draft, section, path } = file;
      files.push({ draft, section, file: path, passed: total - (failures.length - failuresBefore), total });
    }
  } finally {
    worker.close();
  }
  return { files, failures };
}

/** The required tests take `format` as an annotation, those of optional/format as an assertion. */
function formatsOf(file: SuiteFile): "assert" | "annotate" {
  return file.section === "format" ? "assert" : "annotate";
}
