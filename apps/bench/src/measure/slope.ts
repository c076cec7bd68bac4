/** A straight line through points, and how sure its slope is. */
export interface Slope {
  /** Of y per x. */
  readonly slope: number;
  /** Two standard errors to either side: about 19 times of 20, if the points stray independently. */
  readonly low: number;
  readonly high: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** With two points every line fits, and says nothing of its error. */
const LEAST_POINTS = 3;

/**
 * The line of least squares.
 * @returns undefined for fewer than three points, or where all have the same x
 */
export function slopeOf(points: readonly Point[]): Slope | undefined {
  const count = points.length;
  const mean = (value: (point: Point) => number) =>
    points.reduce((sum, point) => sum + value(point), 0) / count;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spreadX = mean(({ x }) => (x - meanX) ** 2) * count;
  if (count < LEAST_POINTS || spreadX === 0) {
    return undefined;
  }
  const slope = (mean(({ x, y }) => (x - meanX) * (y - meanY)) * count) / spreadX;
  const strayed = mean(({ x, y }) => (y - meanY - slope * (x - meanX)) ** 2) * count;
  const error = Math.sqrt(strayed / (count - 2) / spreadX);
  return { slope, low: slope - 2 * error, high: slope + 2 * error };
}
