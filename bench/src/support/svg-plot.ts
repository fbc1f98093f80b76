export interface Series {
  readonly name: string;
  /** Ascending by x; both above 0. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface PlotOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 400;
const MARGIN = { left: 70, right: 150, top: 40, bottom: 50 };
const COLOURS = ["#1b6e3c", "#b5541c", "#2b5c9e", "#8a2f7a"];

/** A plot with logarithmic axes, as an SVG that stands by itself: light background, readable without colours by its labels. */
export function svgPlot({ title, xLabel, yLabel, series }: PlotOptions): string {
  const all = series.flatMap(({ points }) => points);
  const xs = scaleOf(
    all.map(([x]) => x),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const ys = scaleOf(
    all.map(([, y]) => y),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const text = (x: number, y: number, content: string, anchor = "middle", extra = ""): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ${extra}>${escape(content)}</text>`;
  const grid = [
    ...xs.ticks.map(
      (tick) =>
        `<line x1="${xs.at(tick).toFixed(1)}" x2="${xs.at(tick).toFixed(1)}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}"/>`,
    ),
    ...ys.ticks.map(
      (tick) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${ys.at(tick).toFixed(1)}" y2="${ys.at(tick).toFixed(1)}"/>`,
    ),
  ];
  const labels = [
    ...xs.ticks.map((tick) => text(xs.at(tick), HEIGHT - MARGIN.bottom + 18, tick.toLocaleString("en-US"))),
    ...ys.ticks.map((tick) => text(MARGIN.left - 8, ys.at(tick) + 4, tick.toLocaleString("en-US"), "end")),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 10, xLabel),
    text(0, 0, yLabel, "middle", `transform="translate(16 ${HEIGHT / 2}) rotate(-90)"`),
    text(MARGIN.left, 22, title, "start", 'font-weight="bold" font-size="14"'),
  ];
  const lines = series.map(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const path = points.map(([x, y]) => `${xs.at(x).toFixed(1)},${ys.at(y).toFixed(1)}`);
    const dots = path.map((point) => `<circle cx="${point.replace(",", '" cy="')}" r="3" fill="${colour}"/>`).join("");
    const [lastX, lastY] = points.at(-1)!;
    const label = text(xs.at(lastX) + 8, ys.at(lastY) + 4, name, "start", `fill="${colour}"`);
    return `<polyline points="${path.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}${label}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escape(title)}</title><rect width="100%" height="100%" fill="white"/>`,
    `<g stroke="#ddd">${grid.join("")}</g>`,
    ...labels,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Powers of ten that enclose the values. */
function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => Number(`1e${low + index}`)),
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
