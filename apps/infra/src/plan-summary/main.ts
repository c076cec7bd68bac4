/**
 * Reads `terraform show -json PLAN` from standard input and writes its summary, one line.
 */
import { readFileSync } from 'node:fs';
import { summaryOf, type Plan } from './summary.ts';

process.stdout.write(`${summaryOf(JSON.parse(readFileSync(0, 'utf8')) as Plan)}\n`);
