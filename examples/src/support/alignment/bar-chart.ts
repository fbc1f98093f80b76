export interface BarChart {
  readonly title: string;
  /** Names of the bars of a row, in order. */
  readonly series: readonly string[];
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
}

const COLOURS = ["#b4552d", "#3f7d4e", "#33518a"];
const BAR_HEIGHT = 9;
const LABEL_WIDTH = 90;
const CHART_WIDTH = 460;

/** Rows of horizontal bars, one for each series; values from 0 to 1. */
export function barChartSvg({ title, series, rows }: BarChart): string {
  const rowHeight = BAR_HEIGHT * series.length + 10;
  const top = 60;
  const height = top + rows.length * rowHeight + 10;
  const legend = series.map(
    (name, index) =>
      `<rect x="${LABEL_WIDTH + index * 160}" y="32" width="10" height="10" fill="${COLOURS[index % 3]}"/>` +
      `<text x="${LABEL_WIDTH + index * 160 + 15}" y="41">${escapeXml(name)}</text>`,
  );
  const bars = rows.flatMap(({ label, values }, row) => {
    const y = top + row * rowHeight;
    return [
      `<text x="${LABEL_WIDTH - 8}" y="${y + rowHeight / 2}" text-anchor="end">${escapeXml(label)}</text>`,
      ...values.map(
        (value, index) =>
          `<rect x="${LABEL_WIDTH}" y="${y + index * BAR_HEIGHT}" width="${(value * CHART_WIDTH).toFixed(2)}" ` +
          `height="${BAR_HEIGHT - 1}" fill="${COLOURS[index % 3]}"><title>${(100 * value).toFixed(2)}%</title></rect>`,
      ),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LABEL_WIDTH + CHART_WIDTH + 20}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="10" y="20" font-size="14">${escapeXml(title)}</text>`,
    ...legend,
    ...bars,
    `</svg>\n`,
  ].join("\n");
}

/** A bar of at most `width` characters. */
export function barText(value: number, width: number): string {
  const eighths = Math.round(value * width * 8);
  const rest = eighths % 8;
  return "█".repeat(Math.floor(eighths / 8)) + (rest === 0 ? "" : String.fromCodePoint(0x2590 - rest));
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
