/** A pattern that matches exactly `text`, under the flags u and v as well. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
