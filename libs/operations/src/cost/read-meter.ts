import Value from 'typebox/value';
import { notAws } from '../explain-aws-error.ts';
import { OperationError } from '../operation-error.ts';
import { MeterReading } from './usage.ts';

const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Reads a local system's meter.
 * @param awsEndpoint its AWS endpoint
 * @param subjects order ids to be read beside the sum of the run, or all that it remembers
 * @throws OperationError if nothing answers there, or no meter
 */
export async function readMeter(
  awsEndpoint: string,
  subjects: readonly string[] | 'all',
): Promise<MeterReading> {
  const url = new URL('/_meter', awsEndpoint);
  if (subjects === 'all') {
    url.searchParams.set('subjects', 'all');
  }
  // By POST: a URL would end at some hundred ids.
  const request = subjects === 'all' ? {} : { method: 'POST', body: JSON.stringify({ subjects }) };
  const reading = await jsonFrom(url, request);
  if (!Value.Check(MeterReading, reading)) {
    throw noMeter(awsEndpoint);
  }
  return reading;
}

async function jsonFrom(url: URL, request: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    text = await response.text();
  } catch (cause) {
    throw new OperationError(
      'unreachable',
      `nothing answers at ${url.origin}`,
      'start it with npm start',
      cause,
    );
  }
  if (!response.ok) {
    throw noMeter(url.origin);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notAws(url.origin, 'its answer is no JSON', cause);
  }
}

function noMeter(endpoint: string): OperationError {
  return new OperationError(
    'not-found',
    `${endpoint} has no meter`,
    'only a local system (npm start) counts what it uses; on AWS, Cost Explorer does',
  );
}
