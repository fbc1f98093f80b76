import { EspalierError } from "./espalier-error.ts";

/** The caller's `AbortSignal` fired; `cause` is the signal's reason. */
export class AbortedError extends EspalierError {
  readonly code = "aborted";

  /** Throws when `signal` has fired. */
  static throwIfAborted(signal: AbortSignal | undefined): void {
    if (signal?.aborted) {
      throw new AbortedError({
        message: "The operation was aborted by its signal.",
        cause: signal.reason,
      });
    }
  }
}
