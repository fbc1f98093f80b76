/** A text as coarsely as ignoring case is anywhere: texts that may be the same when case is ignored are the same. */
export function foldedText(text: string): string {
  return text.toLowerCase().toUpperCase();
}
