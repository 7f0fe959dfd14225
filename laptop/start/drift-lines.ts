import type { DriftedResource } from '@tidemark/region';
import type { Line } from '../progress/line.ts';
import { blank } from './report-lines.ts';

/** Of many, the first are enough to see what happened. */
const mostShown = 10;

/** What somebody has changed or deleted and this start has left so, and how it is repaired. */
export function driftLines(drift: readonly DriftedResource[]): Line[] {
  if (drift.length === 0) return [];
  const count = drift.length === 1 ? 'One resource is' : `${drift.length} resources are`;
  const more = drift.length - mostShown;
  return [
    [{ text: `  ! ${count} not as the templates say, because somebody changed or deleted:`, style: 'warn' }],
    ...drift
      .slice(0, mostShown)
      .map(({ type, physicalId, state }): Line => [{ text: `      ${type} ${physicalId} (${state})` }]),
    ...(more > 0 ? [[{ text: `      and ${more} more` }]] : []),
    [
      {
        text: '    A deployment does not change that, here as in AWS. To repair it, start again with --revert-drift.',
      },
    ],
    blank,
  ];
}
