import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Answer } from './answer.ts';
import { GatewayFault } from './gateway-fault.ts';

/** Headers that are API Gateway's own: a function's are renamed. */
const REMAPPED = new Set([
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'user-agent',
  'www-authenticate',
  'authorization',
]);
/** Headers about the connection to the function, which end there. */
const DROPPED = new Set([
  'transfer-encoding',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'proxy-authenticate',
]);

type Members = Readonly<Record<string, unknown>>;

/**
 * The answer that a function's result stands for.
 * @param payload the function's result as JSON text
 * @throws GatewayFault BAD_GATEWAY where it has not the form that a proxy integration must have
 */
export function proxyAnswer(payload: string): Answer {
  const result: unknown = JSON.parse(payload);
  if (!isMembers(result)) {
    throw malformed('the result is no object');
  }
  const { statusCode, body } = result;
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw malformed('statusCode is no status');
  }
  if (body !== undefined && body !== null && typeof body !== 'string') {
    throw malformed('body is no text');
  }
  return { statusCode: status, headers: headersOf(result), body: body ?? '' };
}

function headersOf(result: Members): [string, string][] {
  const single = optionalMembers(result, 'headers');
  const multi = optionalMembers(result, 'multiValueHeaders');
  const isMulti = new Set(Object.keys(multi).map((name) => name.toLowerCase()));
  const headers = [
    ...Object.entries(single).filter(([name]) => !isMulti.has(name.toLowerCase())),
    ...Object.entries(multi).flatMap(([name, values]) =>
      listed(values).map((value) => [name, value] as const),
    ),
  ].map(([name, value]): [string, string] => checkedHeader(name, value));
  const kept = headers
    .filter(([name]) => !DROPPED.has(name.toLowerCase()))
    .map(([name, value]): [string, string] => [
      REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name,
      value,
    ]);
  const hasType = kept.some(([name]) => name.toLowerCase() === 'content-type');
  return hasType ? kept : [...kept, ['Content-Type', 'application/json']];
}

function listed(values: unknown): readonly unknown[] {
  if (!Array.isArray(values)) {
    throw malformed('multiValueHeaders are no lists');
  }
  return values;
}

function checkedHeader(name: string, value: unknown): [string, string] {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw malformed(`the header ${name} is no text`);
  }
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
  } catch {
    throw malformed(`the header ${name} can't be sent`);
  }
  return [name, String(value)];
}

function optionalMembers(result: Members, name: string): Members {
  const value = result[name];
  if (value === undefined || value === null) {
    return {};
  }
  if (!isMembers(value)) {
    throw malformed(`${name} is no object`);
  }
  return value;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(detail: string): GatewayFault {
  return new GatewayFault('BAD_GATEWAY', { detail: `Malformed Lambda proxy response: ${detail}` });
}
