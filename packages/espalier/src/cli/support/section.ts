/** Prints a titled part of a report. @internal */
export function section(title: string, body: string): void {
  process.stdout.write(`${title}\n${body}\n\n`);
}
