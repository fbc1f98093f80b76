import {
  choice,
  type Expression,
  freeTextWithout,
  InvalidInputError,
  literal,
  type Part,
  repeat,
  sequence,
} from "@espalier/grammar";
import { textThrough } from "./free-text.ts";

/** A text that ends free text, and what follows it. */
export interface Trigger {
  /** Such as `<tool_call>`. Several triggers may begin alike. */
  readonly begin: string;
  /** What must follow; a string is that text. */
  readonly content: Part;
  /** What must follow then, before free text goes on. @defaultValue nothing */
  readonly end?: string | undefined;
}

export interface TriggeredOptions {
  readonly triggers: readonly Trigger[];
  /** Whether there must be at least one. @defaultValue false */
  readonly atLeastOne?: boolean | undefined;
  /** Whether the text ends behind the first one. @defaultValue false: free text may follow, and further ones */
  readonly stopAfterFirst?: boolean | undefined;
}

/**
 * Free text in which certain texts switch to a language of their own and back ("structural tags").
 *
 * Wherever the begin of a trigger stands in the free text, it is that trigger: what follows is its content. So texts are read in one
 * way only, from the left. Free text alone costs one mask, made once.
 *
 * @throws InvalidInputError when there is no trigger, a begin is empty, or holds another one, which would come first
 *
 * @example
 * output: grammar(triggered({ triggers: [{ begin: "<year>", content: literal, end: "</year>" }] }))
 */
export function triggered(options: TriggeredOptions): Expression {
  const { triggers, atLeastOne = false, stopAfterFirst = false } = options;
  const begins = [...new Set(triggers.map(({ begin }) => begin))];
  checkBegins(begins);
  const branch = choice(
    ...begins.map((begin) => {
      const contents = triggers.filter((trigger) => trigger.begin === begin).map(contentOf);
      return sequence(textThrough(begin, begins), choice(...contents));
    }),
  );
  const tail = freeTextWithout(begins);
  if (stopAfterFirst) return atLeastOne ? branch : choice(tail, branch);
  return sequence(repeat(branch, { min: atLeastOne ? 1 : 0 }), tail);
}

function contentOf({ content, end = "" }: Trigger): Expression {
  return sequence(content, literal(end));
}

function checkBegins(begins: readonly string[]): void {
  if (begins.length === 0 || begins.includes("")) {
    throw new InvalidInputError({
      message:
        begins.length === 0 ? "Free text with triggers takes at least one trigger." : "A trigger begins with no text.",
      place: "triggers",
      hint: 'For example: triggers: [{ begin: "<answer>", content, end: "</answer>" }].',
    });
  }
  for (const begin of begins) {
    const inner = begins.find((other) => other !== begin && begin.includes(other));
    if (inner === undefined) continue;
    throw new InvalidInputError({
      message: `The trigger ${JSON.stringify(begin)} holds the trigger ${JSON.stringify(inner)}, which would always come first.`,
      place: "triggers",
      hint: "Make one trigger of what they have in common, and go on in its content.",
    });
  }
}
