import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { InvalidInputError } from "espalier";

const START = "<!-- evaluation:start -->";
const END = "<!-- evaluation:end -->";

/**
 * Replaces what stands between the two markers in a model card, and nothing else. A card without markers gets them, under a
 * heading, at its end; a missing card is begun.
 * @throws InvalidInputError when there is one marker without the other, or they stand in the wrong order
 */
export function updateCard(file: string, section: string): void {
  const card = existsSync(file) ? readFileSync(file, "utf8") : "";
  writeFileSync(file, withSection(card, `${START}\n\n${section}\n\n${END}`, file));
}

function withSection(card: string, marked: string, file: string): string {
  const start = card.indexOf(START);
  const end = card.indexOf(END);
  if (start < 0 && end < 0) return `${card.trimEnd()}\n\n## Evaluation\n\n${marked}\n`.trimStart();
  if (start < 0 || end < start) {
    throw new InvalidInputError({
      message: `${file} must have ${START} and, after it, ${END}.`,
      place: file,
      hint: "Add what is missing, or remove both.",
    });
  }
  return card.slice(0, start) + marked + card.slice(end + END.length);
}
