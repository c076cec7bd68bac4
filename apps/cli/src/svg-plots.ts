/** Small plots as SVG text. Sizes are in SVG units; the page scales them. */

const WIDTH = 860;
const HEIGHT = 240;
const LEFT = 56;
const BOTTOM = 42;
const TOP = 24;

const INNER_WIDTH = WIDTH - LEFT - 10;
const INNER_HEIGHT = HEIGHT - TOP - BOTTOM;
const EMPTY = '<p class="soft">nothing to show</p>';

export interface Series {
  readonly label: string;
  /** Milliseconds since the run began, one for each order. */
  readonly times: readonly number[];
}

/** One axis: from 0 to the last tick. */
interface Axis {
  readonly ticks: readonly number[];
  readonly max: number;
  readonly title: string;
  readonly text: (value: number) => string;
}

/** Cumulative counts over time. */
export function linePlot(series: readonly Series[]): string {
  const time = timeAxis(
    Math.max(0, ...series.flatMap(({ times }) => times)),
    'since the first order was sent',
  );
  const count = countAxis(Math.max(0, ...series.map(({ times }) => times.length)));
  if (time === undefined || count === undefined) {
    return EMPTY;
  }
  const lines = series.map(({ label, times }, index) => {
    const sorted = times.toSorted((a, b) => a - b);
    const steps = sorted.map((ms, n) => `H${x(ms, time)}V${y(n + 1, count)}`).join('');
    const path = `<path class="line ${label}" d="M${LEFT} ${y(0, count)}${steps}H${x(time.max, time)}"/>`;
    return path + legend(label, index);
  });
  return svg([axes(time, count), ...lines]);
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly kind: string;
}

/** A dot an order: both axes in milliseconds. */
export function dotPlot(dots: readonly Dot[]): string {
  const across = timeAxis(Math.max(0, ...dots.map((dot) => dot.x)), 'when the order was sent');
  const up = timeAxis(Math.max(0, ...dots.map((dot) => dot.y)), '');
  if (across === undefined || up === undefined) {
    return EMPTY;
  }
  const circles = dots.map(
    (dot) =>
      `<circle class="${dot.kind}" r="3" fill-opacity=".7" cx="${x(dot.x, across)}" cy="${y(dot.y, up)}"/>`,
  );
  const kinds = [...new Set(dots.map(({ kind }) => kind))].sort();
  return svg([axes(across, up), ...circles, ...kinds.map(legend)]);
}

const BINS = 40;

/** How many samples (milliseconds) fall into each of forty equal ranges. */
export function histogram(samples: readonly number[]): string {
  const time = timeAxis(Math.max(0, ...samples), 'until the answer was there');
  if (time === undefined) {
    return EMPTY;
  }
  const counts = Array.from({ length: BINS }, () => 0);
  for (const sample of samples) {
    const bin = Math.min(BINS - 1, Math.floor((sample / time.max) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const count = countAxis(Math.max(...counts));
  if (count === undefined) {
    return EMPTY;
  }
  const width = INNER_WIDTH / BINS;
  const bars = counts.map((n, bin) => {
    const top = y(n, count);
    const height = round(TOP + INNER_HEIGHT - top);
    return `<rect class="bar" x="${round(LEFT + bin * width + 1)}" y="${top}" width="${round(width - 2)}" height="${height}"/>`;
  });
  return svg([axes(time, count), ...bars]);
}

/** Undefined where there is nothing to show. */
function timeAxis(maxMs: number, title: string): Axis | undefined {
  return maxMs > 0 ? { ...ticksTo(maxMs, 0), title, text: axisTime } : undefined;
}

function countAxis(max: number): Axis | undefined {
  return max > 0 ? { ...ticksTo(max, 1), title: '', text: String } : undefined;
}

const ROUND_STEPS = [1, 2, 2.5, 5, 10];

/** Three to six round numbers from 0 to just past the maximum. */
function ticksTo(max: number, smallestStep: number): { ticks: readonly number[]; max: number } {
  const magnitude = 10 ** Math.floor(Math.log10(max / 4));
  const rough = ROUND_STEPS.map((step) => step * magnitude).find((step) => step >= max / 4) ?? max / 4;
  const step = Math.max(smallestStep, smallestStep === 1 ? Math.ceil(rough) : rough);
  const count = Math.ceil(max / step);
  return { ticks: Array.from({ length: count + 1 }, (_, n) => n * step), max: count * step };
}

/** `2500` -> `2.5 s`; ticks are round, so they need no more digits than they have. */
function axisTime(ms: number): string {
  return ms < 1000 ? `${round(ms)} ms` : `${Math.round(ms) / 1000} s`;
}

function x(value: number, { max }: Axis): number {
  return round(LEFT + (value / max) * INNER_WIDTH);
}

function y(value: number, { max }: Axis): number {
  return round(TOP + INNER_HEIGHT - (value / max) * INNER_HEIGHT);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function axes(across: Axis, up: Axis): string {
  const base = TOP + INNER_HEIGHT;
  const ticksX = across.ticks.map((tick) => {
    const anchor = tick === across.max ? 'end' : 'middle';
    return `<text x="${x(tick, across)}" y="${base + 16}" text-anchor="${anchor}">${across.text(tick)}</text>`;
  });
  const ticksY = up.ticks.map((tick) => {
    const top = y(tick, up);
    const line = `<line class="axis" x1="${LEFT}" x2="${LEFT + INNER_WIDTH}" y1="${top}" y2="${top}"/>`;
    return `${line}<text x="${LEFT - 6}" y="${top + 4}" text-anchor="end">${up.text(tick)}</text>`;
  });
  const title = `<text x="${LEFT + INNER_WIDTH / 2}" y="${base + 34}" text-anchor="middle">${across.title}</text>`;
  return [...ticksX, ...ticksY, title].join('');
}

/** The label is the class that colours it, too. */
function legend(label: string, index: number): string {
  const left = LEFT + 12 + index * 110;
  return `<rect class="${label}" x="${left}" y="4" width="10" height="10"/><text x="${left + 15}" y="13">${label}</text>`;
}

function svg(parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${parts.join('')}</svg>`;
}
