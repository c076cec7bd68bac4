import type { HttpAnswer, HttpRequest } from '../http/protocol.ts';
import type { Meter } from './meter.ts';

/**
 * `GET /_meter`: the sum of the run, with `?subjects=all` or `?subject=...` those subjects too. `POST` takes them as
 * `{"subjects": [...]}`, for more than a URL holds.
 * @returns undefined for any other request
 */
export function meterPage(meter: Pick<Meter, 'reading'>, request: HttpRequest): HttpAnswer | undefined {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname !== '/_meter') {
    return undefined;
  }
  if (request.method === 'GET') {
    const all = url.searchParams.get('subjects') === 'all';
    return json(200, meter.reading(all ? 'all' : url.searchParams.getAll('subject')));
  }
  const subjects = request.method === 'POST' ? subjectsIn(request.body) : undefined;
  return subjects === undefined
    ? json(400, { message: 'GET /_meter?subjects=all, or POST {"subjects": ["..."]}' })
    : json(200, meter.reading(subjects));
}

function subjectsIn(body: Buffer): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return undefined; // The caller says what is wanted.
  }
  const subjects =
    typeof value === 'object' && value !== null && 'subjects' in value ? value.subjects : undefined;
  return Array.isArray(subjects) && subjects.every((subject) => typeof subject === 'string')
    ? subjects
    : undefined;
}

function json(statusCode: number, value: unknown): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
