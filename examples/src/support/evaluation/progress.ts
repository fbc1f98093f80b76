const LINE_EVERY = 25;

/** Says on stderr how far it is: on a terminal after each example, in place; else on a line now and then. */
export function showProgress(done: number, total: number): void {
  const message = `${done}/${total} examples`;
  if (process.stderr.isTTY) process.stderr.write(`\r${message}${done === total ? "\n" : ""}`);
  else if (done === total || done % LINE_EVERY === 0) process.stderr.write(`${message}\n`);
}
