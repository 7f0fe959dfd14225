import { InvariantError } from '../errors.ts';
import type { WindowReport } from './report.schema.ts';

/** `report.html`: the report as one page that needs nothing else. */
export function reportPage(_report: WindowReport): string {
  throw new InvariantError('Not written yet.');
}
