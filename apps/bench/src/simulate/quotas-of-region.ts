import { QUOTAS, type Quota, type QuotaName, type Quotas } from './quotas.ts';

/**
 * AWS's default quotas in one Region.
 * @param raised values to take in place of the defaults: what an account's own quotas are, or what a request asks for
 */
export function quotasOf(region: string, raised: Readonly<Partial<Record<QuotaName, number>>> = {}): Quotas {
  const quotas = Object.entries<Quota>(QUOTAS).map(([name, quota]) => {
    const value = raised[name as QuotaName];
    return [name, { ...inRegion(quota, region), ...(value === undefined ? {} : { value }) }];
  });
  return Object.fromEntries(quotas) as Quotas;
}

function inRegion(quota: Quota, region: string): Quota {
  const { differs } = quota;
  return differs?.regions.includes(region) === true
    ? { ...quota, value: differs.value, bucket: differs.bucket }
    : quota;
}

export function isQuotaName(name: string): name is QuotaName {
  return Object.hasOwn(QUOTAS, name);
}
