const isColourful = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;

function paint(code: number): (text: string) => string {
  return (text) => (isColourful ? `\u001b[${code}m${text}\u001b[0m` : text);
}

export const bold: (text: string) => string = paint(1);
export const dim: (text: string) => string = paint(2);
export const red: (text: string) => string = paint(31);
export const green: (text: string) => string = paint(32);
export const cyan: (text: string) => string = paint(36);

/** Prints a title, and below it a text, indented. */
export function section(title: string, body: string): void {
  process.stdout.write(`${bold(title)}\n${body.replaceAll(/^/gm, "  ")}\n\n`);
}
