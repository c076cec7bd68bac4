import type { IncomingHttpHeaders } from 'node:http';
import { AwsError, type JsonObject, type ServiceName } from '../service-call.ts';

export interface HttpRequest {
  readonly method: string;
  /** With the query string. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What a request asks, and how to answer it in the words of its protocol. */
export interface ParsedRequest {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: JsonObject;
  success(output: JsonObject, requestId: string): HttpAnswer;
  failure(error: AwsError, requestId: string): HttpAnswer;
}

/** The access key id in a signed request's `Authorization: AWS4-HMAC-SHA256 Credential=<id>/<date>/...`. */
export function accessKeyId(headers: IncomingHttpHeaders): string | undefined {
  return /Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1];
}

/** @throws AwsError SerializationException */
export function parsedJson(body: Buffer): JsonObject {
  const text = body.toString('utf8');
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as JsonObject;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object');
}
