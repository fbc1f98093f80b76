import { existsSync } from "node:fs";

/** Ends the program with exit code 2 and a clear message when a file or folder that it needs is not there. */
export function stopWithoutData(path: string, option: string, what: string): void {
  if (existsSync(path)) return;
  console.error(
    `SKIPPED: ${path} does not exist, so nothing was measured.\n` +
      `This bench needs ${what}, which is not part of the repository; name it with ${option}.`,
  );
  process.exit(2);
}
