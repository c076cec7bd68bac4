import {
  findFailedOrders,
  type FailedOrderFilter,
  type FailedOrderRow,
} from '@dofs/operations/failed-orders';
import { openTables } from '@dofs/operations/operator-tables';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import { timeAgo } from '../parse-options.ts';
import { table } from '../table.ts';
import { print, printJson, remark } from '../terminal.ts';

export interface FilterOptions {
  readonly since?: string;
  readonly until?: string;
  readonly source?: string;
}

/** The filter that flags describe; without --since it begins as given. */
export function filterOf(options: FilterOptions, defaultSince: string): FailedOrderFilter {
  const from = timeAgo(options.since ?? defaultSince);
  return {
    ...(from === undefined ? {} : { from }),
    ...(options.until === undefined ? {} : { to: options.until }),
    ...(options.source === undefined ? {} : { source: options.source }),
  };
}

export function failedTable(rows: readonly FailedOrderRow[]): string {
  const cells = rows.map((row) => [row.failed_at, row.order_id, row.failure_source, row.failure_reason]);
  return table(['failed at', 'order', 'source', 'reason'], cells);
}

export const failedList: CommandAction<FilterOptions & { readonly limit: number }> = async (
  context,
  _args,
  options,
) => {
  const { terminal } = context;
  const target = await context.target();
  const tables = openTables(target);
  try {
    const filter = filterOf(options, '7d');
    const rows = await findFailedOrders(target, tables, { ...filter, limit: options.limit });
    if (terminal.json) {
      printJson(terminal, rows);
      return EXIT.ok;
    }
    if (rows.length > 0) {
      print(terminal, failedTable(rows));
    }
    const range =
      filter.from === undefined ? '' : ` since ${filter.from.slice(0, 16)}Z (--since all: every one)`;
    const cut = rows.length === options.limit ? ', the newest (--limit shows more)' : '';
    remark(terminal, `${rows.length} failed orders${range}${cut}`);
  } finally {
    tables.close();
  }
  return EXIT.ok;
};
