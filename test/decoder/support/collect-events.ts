import { decode, type DecodeEvent, type DecodeOptions } from "@espalier/decoder";

export async function eventsOf(options: DecodeOptions): Promise<DecodeEvent[]> {
  const events: DecodeEvent[] = [];
  for await (const event of decode(options)) events.push(event);
  return events;
}

/** The pieces in which the text came. */
export function textPieces(events: readonly DecodeEvent[]): string[] {
  return events.flatMap((event) => (event.type === "text" ? [event.text] : []));
}
