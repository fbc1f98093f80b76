import type { ProcessMessage } from "./watched-process.ts";

export type Answer<Request, Reply> = (request: Request) => Promise<Reply> | Reply;

/**
 * The child's side of `WatchedProcess`: prepares, says that it is ready, then answers requests one by one.
 * What `answer` throws counts as a crash.
 */
export async function serveRequests<Request, Reply>(
  prepare: () => Promise<Answer<Request, Reply>> | Answer<Request, Reply>,
): Promise<void> {
  const send = (message: ProcessMessage<Reply>): void => void process.send!(message);
  let answer: Answer<Request, Reply>;
  try {
    answer = await prepare();
  } catch (error) {
    send({ thrown: describeError(error) });
    return;
  }
  const respond = async (request: Request): Promise<void> => {
    try {
      send({ reply: await answer(request) });
    } catch (error) {
      send({ thrown: describeError(error) });
    }
  };
  process.on("message", (request: Request) => void respond(request));
  // Nobody is left to answer to once the parent has gone.
  process.on("disconnect", () => process.exit());
  send({ ready: true });
}

/** The class and message of an error, with the place in our own code that it comes from when it is not a typed one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 500);
  const typed = "code" in error;
  const frame = typed ? undefined : error.stack?.split("\n").find((line) => line.trim().startsWith("at "));
  return `${error.name}: ${error.message.slice(0, 500)}${frame === undefined ? "" : ` (${frame.trim()})`}`;
}
