import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface WatchedProcessOptions {
  /** The program, one that calls `serveRequests`. */
  readonly script: URL;
  readonly args?: readonly string[];
  /** How long one request may take before the process is killed. */
  readonly timeLimitMs: number;
  /** @defaultValue 6,000 */
  readonly heapMegabytes?: number;
}

/** What became of a request. */
export type Outcome<Reply> =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "timeout" }
  | { readonly kind: "crash"; readonly why: string };

export type ProcessMessage<Reply> = { readonly ready: true } | { readonly reply: Reply } | { readonly thrown: string };

const running = new Set<ChildProcess>();
let listening = false;

/** A child in an endless loop does not notice that its parent has gone: the parent ends it. */
function endWithParent(child: ChildProcess): void {
  if (!listening) {
    listening = true;
    process.on("exit", () => running.forEach((one) => one.kill("SIGKILL")));
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(128));
  }
  running.add(child);
}

const START_LIMIT_MS = 120_000;
const KEPT_ERROR_OUTPUT = 4_000;

/**
 * A child process that answers one request at a time under a watchdog.
 *
 * A request that takes too long, or that ends the process, costs that process; the next request starts a new one. Starting
 * (loading the vocabulary, the engine) is not part of a request's time.
 */
export class WatchedProcess<Request, Reply> {
  readonly #options: WatchedProcessOptions;
  #child: ChildProcess | undefined;
  #errorOutput = "";

  constructor(options: WatchedProcessOptions) {
    this.#options = options;
  }

  /** @throws Error when the process cannot be started. */
  async ask(request: Request): Promise<Outcome<Reply>> {
    const child = (this.#child ??= await this.#start());
    const { timeLimitMs } = this.#options;
    const outcome = await new Promise<Outcome<Reply>>((resolve) => {
      const timer = setTimeout(() => resolve({ kind: "timeout" }), timeLimitMs);
      const settle = (result: Outcome<Reply>): void => {
        clearTimeout(timer);
        resolve(result);
      };
      child.once("message", (message: ProcessMessage<Reply>) => {
        if ("reply" in message) settle({ kind: "reply", reply: message.reply });
        else settle({ kind: "crash", why: "thrown" in message ? message.thrown : "an unexpected message" });
      });
      child.once("exit", (code, signal) => settle({ kind: "crash", why: this.#endOf(code, signal) }));
      child.send(request as object, (error) => {
        if (error !== null) settle({ kind: "crash", why: `the request could not be sent: ${error.message}` });
      });
    });
    child.removeAllListeners("message").removeAllListeners("exit");
    if (outcome.kind !== "reply") this.close();
    return outcome;
  }

  /** Ends the process, if there is one. */
  close(): void {
    if (this.#child === undefined) return;
    this.#child.kill("SIGKILL");
    running.delete(this.#child);
    this.#child = undefined;
  }

  async #start(): Promise<ChildProcess> {
    const { script, args = [], heapMegabytes = 6_000 } = this.#options;
    this.#errorOutput = "";
    const child = fork(fileURLToPath(script), [...args], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [...process.execArgv, `--max-old-space-size=${heapMegabytes}`],
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-KEPT_ERROR_OUTPUT);
    });
    // A process that dies while a request is being written emits this as well as "exit".
    child.on("error", () => {});
    endWithParent(child);
    const problem = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve("it does not get ready"), START_LIMIT_MS);
      const settle = (why?: string): void => {
        clearTimeout(timer);
        resolve(why);
      };
      child.once("message", (message: ProcessMessage<Reply>) =>
        settle("thrown" in message ? message.thrown : undefined),
      );
      child.once("exit", (code, signal) => settle(this.#endOf(code, signal)));
    });
    child.removeAllListeners("message").removeAllListeners("exit");
    if (problem === undefined) return child;
    child.kill("SIGKILL");
    throw new Error(`${fileURLToPath(script)} ${args.join(" ")} does not start: ${problem}`);
  }

  #endOf(code: number | null, signal: string | null): string {
    const fatal =
      /FATAL ERROR: .*|RuntimeError: .*|\w*Error: .*/.exec(this.#errorOutput)?.[0] ??
      this.#errorOutput.trim().slice(-300);
    return `the process ended (${signal ?? `exit code ${code}`})${fatal === "" ? "" : `: ${fatal}`}`;
  }
}
