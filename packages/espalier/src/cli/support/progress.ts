/** A line on stderr that says what is going on; on a terminal, the next one takes its place. @internal */
export class Progress {
  readonly #isTerminal = process.stderr.isTTY;
  #isOpen = false;

  /** @param isTransient shown on terminals only */
  say(message: string, isTransient = false): void {
    if (isTransient && !this.#isTerminal) return;
    this.clear();
    process.stderr.write(this.#isTerminal ? message : `${message}\n`);
    this.#isOpen = this.#isTerminal;
  }

  clear(): void {
    if (this.#isOpen) process.stderr.write("\r\u001b[2K");
    this.#isOpen = false;
  }
}
