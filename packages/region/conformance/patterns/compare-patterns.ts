import type { Report } from '../report.ts';

export async function comparePatterns(_report: Report): Promise<boolean> {
  return false;
}
