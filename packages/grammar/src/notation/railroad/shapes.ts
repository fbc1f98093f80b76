/** A drawing with one line that comes in on the left and goes out on the right, at the same height. All lengths are in pixels. */
export interface Shape {
  readonly width: number;
  /** How far it reaches above and below its line. */
  readonly up: number;
  readonly down: number;
  /** Adds SVG elements; `y` is the height of the line. */
  readonly draw: (x: number, y: number, into: string[]) => void;
}

const CHARACTER_WIDTH = 8;
const PADDING = 10;
const BOX_HALF = 12;
const GAP = 10;
const RADIUS = 10;
const LABEL_HEIGHT = 16;

/** Escapes text for XML; characters that XML or the eye cannot take are shown by their number. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']|[^\P{C}]|[\p{Zl}\p{Zp}]/gu, (each) => {
    const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" }[each];
    return named ?? `\\u{${(each.codePointAt(0) as number).toString(16)}}`;
  });
}

/** A box with a text: rounded for what stands in texts, square for the name of a rule. */
export function box(label: string, kind: "terminal" | "rule" | "other"): Shape {
  const shown = label.length > 60 ? `${label.slice(0, 59)}…` : label;
  const width = Math.max(1, shown.length) * CHARACTER_WIDTH + 2 * PADDING;
  return {
    width,
    up: BOX_HALF,
    down: BOX_HALF,
    draw: (x, y, into) => {
      const round = kind === "terminal" ? ` rx="${BOX_HALF}"` : "";
      into.push(
        `<rect class="${kind}" x="${x}" y="${y - BOX_HALF}" width="${width}" height="${2 * BOX_HALF}"${round}/>`,
        `<text x="${x + width / 2}" y="${y + 4}">${escapeXml(shown)}</text>`,
      );
    },
  };
}

/** A plain line: the empty text. */
export const SKIP: Shape = { width: 0, up: 0, down: 0, draw: () => undefined };

export function inSequence(shapes: readonly Shape[]): Shape {
  const width = shapes.reduce((sum, each) => sum + each.width, 0) + GAP * Math.max(0, shapes.length - 1);
  return {
    width,
    up: Math.max(0, ...shapes.map((each) => each.up)),
    down: Math.max(0, ...shapes.map((each) => each.down)),
    draw: (x, y, into) => {
      let at = x;
      shapes.forEach((each, index) => {
        if (index > 0) {
          into.push(line(at, y, at + GAP));
          at += GAP;
        }
        each.draw(at, y, into);
        at += each.width;
      });
    },
  };
}

/** One shape on the line, the others below it. */
export function inChoice(shapes: readonly Shape[]): Shape {
  const inner = Math.max(...shapes.map((each) => each.width));
  const offsets: number[] = [];
  let depth = 0;
  shapes.forEach((each, index) => {
    if (index > 0) depth += Math.max(RADIUS * 2, each.up + GAP);
    offsets.push(depth);
    depth += each.down;
  });
  return {
    width: inner + 4 * RADIUS,
    up: shapes[0].up,
    down: depth,
    draw: (x, y, into) => {
      shapes.forEach((each, index) => {
        const at = y + offsets[index];
        const left = x + 2 * RADIUS;
        const right = left + each.width;
        if (index === 0) into.push(line(x, y, left));
        else into.push(branchDown(x, y, at));
        each.draw(left, at, into);
        into.push(line(right, at, left + inner));
        if (index === 0) into.push(line(left + inner, y, left + inner + 2 * RADIUS));
        else into.push(branchUp(left + inner, at, y));
      });
    },
  };
}

/** A line back below the shape, with how often it may be taken. */
export function inLoop(shape: Shape, label: string): Shape {
  const loop = Math.max(2 * RADIUS, shape.down + GAP);
  const inner = Math.max(shape.width, label.length * CHARACTER_WIDTH);
  const width = inner + 2 * RADIUS;
  return {
    width,
    up: shape.up,
    down: loop + (label === "" ? 0 : LABEL_HEIGHT),
    draw: (x, y, into) => {
      const [left, right] = [x + RADIUS, x + RADIUS + inner];
      into.push(line(x, y, left));
      shape.draw(left, y, into);
      into.push(line(left + shape.width, y, x + width));
      const r = RADIUS;
      const side = loop - 2 * r;
      into.push(
        `<path d="M${right} ${y}q${r} 0 ${r} ${r}v${side}q0 ${r} ${-r} ${r}H${left}q${-r} 0 ${-r} ${-r}v${-side}q0 ${-r} ${r} ${-r}"/>`,
      );
      if (label !== "") {
        into.push(
          `<text class="label" x="${x + width / 2}" y="${y + loop + LABEL_HEIGHT - 4}">${escapeXml(label)}</text>`,
        );
      }
    },
  };
}

/** A dashed frame with a title around a shape. */
export function framed(shape: Shape, title: string): Shape {
  const width = Math.max(shape.width, title.length * CHARACTER_WIDTH) + 2 * GAP;
  return {
    width,
    up: shape.up + 22,
    down: shape.down + GAP,
    draw: (x, y, into) => {
      into.push(
        `<rect class="frame" x="${x}" y="${y - shape.up - 18}" width="${width}" height="${shape.up + shape.down + 18 + GAP - 2}"/>`,
        `<text class="title" x="${x + 6}" y="${y - shape.up - 6}">${escapeXml(title)}</text>`,
        line(x, y, x + GAP),
      );
      shape.draw(x + GAP, y, into);
      into.push(line(x + GAP + shape.width, y, x + width));
    },
  };
}

export function line(from: number, y: number, to: number): string {
  return from === to ? "" : `<path d="M${from} ${y}H${to}"/>`;
}

/** From the line at `y` down to the branch at `to`. */
function branchDown(x: number, y: number, to: number): string {
  const length = to - y - 2 * RADIUS;
  return `<path d="M${x} ${y}a${RADIUS} ${RADIUS} 0 0 1 ${RADIUS} ${RADIUS}v${length}a${RADIUS} ${RADIUS} 0 0 0 ${RADIUS} ${RADIUS}"/>`;
}

function branchUp(x: number, y: number, to: number): string {
  const length = y - to - 2 * RADIUS;
  return `<path d="M${x} ${y}a${RADIUS} ${RADIUS} 0 0 0 ${RADIUS} ${-RADIUS}v${-length}a${RADIUS} ${RADIUS} 0 0 1 ${RADIUS} ${-RADIUS}"/>`;
}
