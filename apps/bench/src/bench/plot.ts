/** One line of a plot: a value and its spread for each point. */
export interface Series {
  readonly name: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly least: number;
    readonly most: number;
  }[];
}

export interface PlotOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Of x; clients and stored orders are told apart on a logarithmic one. */
  readonly scale: 'logarithmic' | 'linear';
}

const [WIDTH, HEIGHT] = [640, 320];
const MARGIN = { left: 64, right: 150, top: 36, bottom: 44 };
const COLOURS = ['#2563eb', '#d97706', '#059669', '#9333ea', '#dc2626'];
const TICKS = 4;

/** Lines with error bars as inline SVG. */
export function linePlot({ title, xLabel, yLabel, scale }: PlotOptions, series: readonly Series[]): string {
  const points = series.flatMap((line) => line.points);
  const top = niceCeiling(Math.max(...points.map(({ most }) => most)));
  const plotWidth = WIDTH - MARGIN.left - MARGIN.right;
  const plotHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  const axis = (scale === 'linear' ? linearAxis : logarithmicAxis)(points.map(({ x }) => x));
  const toX = (x: number) => MARGIN.left + axis.shareOf(x) * plotWidth;
  const toY = (y: number) => MARGIN.top + (1 - y / top) * plotHeight;
  const grid = Array.from({ length: TICKS + 1 }, (_, n) => (top * n) / TICKS).map(
    (y) =>
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${toY(y)}" y2="${toY(y)}" stroke="#e5e7eb"/>` +
      text(MARGIN.left - 8, toY(y) + 4, format(y), 'end'),
  );
  const columns = axis.marks.map((x) => text(toX(x), HEIGHT - MARGIN.bottom + 18, format(x), 'middle'));
  const lines = series.map((line, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '#000';
    const path = line.points.map(({ x, y }) => `${toX(x)},${toY(y)}`).join(' ');
    const marks = line.points.map(
      (point) =>
        `<line x1="${toX(point.x)}" x2="${toX(point.x)}" y1="${toY(point.least)}" y2="${toY(point.most)}" stroke="${colour}"/>` +
        `<circle cx="${toX(point.x)}" cy="${toY(point.y)}" r="3.5" fill="${colour}"><title>${escape(line.name)}: ${format(point.y)}</title></circle>`,
    );
    const label = text(WIDTH - MARGIN.right + 12, MARGIN.top + 14 + index * 18, line.name, 'start', colour);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${marks.join('')}${label}`;
  });
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${escape(title)}">`,
    text(MARGIN.left, 20, title, 'start', '#111', 'font-weight="600"'),
    ...grid,
    ...columns,
    text(MARGIN.left + plotWidth / 2, HEIGHT - 8, xLabel, 'middle'),
    text(
      16,
      MARGIN.top + plotHeight / 2,
      yLabel,
      'middle',
      '#555',
      `transform="rotate(-90 16 ${MARGIN.top + plotHeight / 2})"`,
    ),
    ...lines,
    '</svg>',
  ].join('\n');
}

interface Axis {
  /** Numbers written below it. */
  readonly marks: readonly number[];
  /** Where on it a number lies, from 0 to 1. */
  shareOf(x: number): number;
}

function logarithmicAxis(xs: readonly number[]): Axis {
  const marks = [...new Set(xs)].sort((one, other) => one - other);
  const [least = 1, most = 1] = [marks[0], marks.at(-1)];
  const span = Math.log(most / least) || 1;
  return { marks, shareOf: (x) => Math.log(x / least) / span };
}

/** From 0, so that no change looks larger than it is. */
function linearAxis(xs: readonly number[]): Axis {
  const end = niceCeiling(Math.max(...xs));
  return {
    marks: Array.from({ length: TICKS + 1 }, (_, n) => (end * n) / TICKS),
    shareOf: (x) => x / end,
  };
}

/** 1, 2 or 5 times a power of ten, at least the value. */
export function niceCeiling(value: number): number {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

export function escape(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function text(x: number, y: number, content: string, anchor: string, colour = '#555', more = ''): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}" font-size="12" ${more}>${escape(content)}</text>`;
}

function format(value: number): string {
  return value >= 1000 ? `${(value / 1000).toLocaleString('en-US')}k` : String(Number(value.toPrecision(3)));
}
