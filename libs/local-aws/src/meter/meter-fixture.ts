import type { MeteredRequest } from './meter.ts';

/** A billed request to an API without an access log. */
export function request(route: string): MeteredRequest {
  return { apiName: 'api', route, isBilled: true, accessLog: undefined };
}
