import { visible } from '@tidemark/statistics/sentence.ts';
import type { Line, Style } from '../progress/line.ts';
import type { RecordedEvent } from './registry-view.client.ts';

/** How an event is shown: most are news, some are good or bad. */
const styles: Partial<Record<RecordedEvent['type'], Style>> = {
  'model.retired': 'warn',
  'model.reactivated': 'good',
  'definition.rejected': 'bad',
  'data.rejected': 'bad',
  'data.waiting': 'warn',
  'training.failed': 'bad',
  'training.skipped': 'warn',
  'version.rejected': 'warn',
  'version.approved': 'good',
  'deployment.succeeded': 'good',
  'deployment.rolled-back': 'bad',
  'deployment.skipped': 'warn',
  'endpoint.removed': 'warn',
  'endpoint.removal-failed': 'bad',
  'labels.rejected': 'bad',
  'labels.refused': 'warn',
  'monitoring.failed': 'bad',
  'drift.detected': 'warn',
  'drift.cleared': 'good',
  'quality.degraded': 'warn',
  'quality.recovered': 'good',
  'retraining.suppressed': 'warn',
  'retraining.abandoned': 'bad',
};

/** The longest type is `endpoint.removal-failed`. */
const typeColumn = 25;

/** A domain event with its sentence: why the next thing happens. @param isOneOfSeveral whether the model must be named */
export function eventLine({ type, detail }: RecordedEvent, isOneOfSeveral = false): Line {
  return [
    { text: '  → ', style: 'dim' },
    { text: type.padEnd(typeColumn), style: styles[type] ?? 'accent' },
    ...(isOneOfSeveral ? [{ text: `${detail.model}  `, style: 'dim' } as const] : []),
    { text: detail.message, isProse: true },
  ];
}

/** What somebody else said about an event. */
export function saidLine(text: string): Line {
  return [{ text: ' '.repeat(4 + typeColumn) }, { text: visible(text), style: 'dim', isProse: true }];
}
