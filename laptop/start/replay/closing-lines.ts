import { join } from 'node:path';
import type { Estimate } from '@tidemark/statistics/metrics/estimate.schema.ts';
import type { Evaluation } from '../../../functions/train/evaluation.schema.ts';
import { count, type Line, type Style } from '../../progress/line.ts';
import type { RecordedEvent } from '../registry-view.client.ts';
import { blank, field, heading, more, reportFigure } from '../report-lines.ts';
import type { LoopConclusion } from './loop-conclusion.ts';
import type { ReplayedWindow } from './replayed-window.schema.ts';

export interface ReplayClosing {
  readonly conclusion: LoopConclusion;
  readonly windows: readonly ReplayedWindow[];
  readonly events: readonly RecordedEvent[];
  /** Of the version that the retraining made, if it made one. */
  readonly evaluation: Evaluation | undefined;
  /** Where pages of reports are, as the person would write it. */
  readonly stateDirectory: string;
}

const conclusionStyles: Record<LoopConclusion['kind'], Style> = {
  closed: 'good',
  'not-better': 'warn',
  'held-back': 'warn',
  'no-alarm': 'warn',
  failed: 'bad',
};

const conclusionTexts: Record<LoopConclusion['kind'], string> = {
  closed: 'The loop is closed.',
  'not-better': 'The data do not justify a new version.',
  'held-back': 'Nothing was trained again, because a guard held it back.',
  'no-alarm': 'The traffic gave no reason for a new version.',
  failed: 'The loop did not close.',
};

/** What the traffic has led to: windows, the comparison of both versions, what was held back, and where the reports are. */
export function closingLines({
  conclusion,
  windows,
  events,
  evaluation,
  stateDirectory,
}: ReplayClosing): Line[] {
  return [
    blank,
    heading('From traffic to a new version'),
    blank,
    ...windows.map(windowSummary),
    blank,
    ...comparisonLines(evaluation),
    ...suppressedLines(events),
    ...reportLines(windows, stateDirectory),
    blank,
    [
      { text: `  ${conclusionTexts[conclusion.kind]} `, style: conclusionStyles[conclusion.kind] },
      { text: conclusion.message, isProse: true },
    ],
    blank,
  ];
}

function windowSummary({ what, verdict, rows }: ReplayedWindow, index: number): Line {
  return [
    { text: `  ${`Window ${index + 1}`.padEnd(13)}`, style: 'dim' },
    { text: verdict.padEnd(18), style: verdict === 'stable' ? 'good' : 'warn' },
    { text: `${count(rows)} predictions: ${what}`, isProse: true },
  ];
}

type Comparison = NonNullable<Evaluation['comparison']>;

/** Both versions on the same hold-out rows; positive is better. */
function comparisonLines(evaluation: Evaluation | undefined): Line[] {
  const comparison = evaluation?.comparison;
  if (!comparison) return [];
  const { metric, version, metrics, improvement } = comparison;
  const champion = metrics[metric];
  const challenger = evaluation.metrics[metric];
  if (!champion || !challenger) return [];
  const difference = improvement && differenceText(improvement);
  return [
    field('Hold-out', `${count(evaluation.rows)} rows that neither version has learnt from`),
    field(`Version ${version}`, `${metric} ${estimateText(champion)}`),
    field('New version', `${metric} ${estimateText(challenger)}`),
    ...(difference ? [field('Difference', difference)] : []),
  ];
}

/** With the interval whose lower end the gate goes by: of twice its confidence less one, as it is symmetrical. */
function differenceText({ value, atLeast, confidence }: NonNullable<Comparison['improvement']>): string {
  const measured = `${signed(value)} by a paired test`;
  if (atLeast >= value) return measured;
  const percent = Math.round(1000 * (2 * confidence - 1)) / 10;
  return `${measured}; the ${percent} % interval is ${signed(atLeast)} to ${signed(2 * value - atLeast)}`;
}

function suppressedLines(events: readonly RecordedEvent[]): Line[] {
  const messages = events.flatMap(({ type, detail }) =>
    type === 'retraining.suppressed' ? [detail.message] : [],
  );
  return messages.map((message, index) => (index === 0 ? field('Held back', message) : more(message)));
}

function reportLines(windows: readonly ReplayedWindow[], stateDirectory: string): Line[] {
  const files = windows.map(({ report }) => join(stateDirectory, report));
  return files.map((file, index) => (index === 0 ? field('Reports', file) : more(file)));
}

const estimateText = ({ value, low, high }: Estimate) =>
  `${reportFigure(value)} (${reportFigure(low)} to ${reportFigure(high)})`;

const signed = (value: number) => `${value < 0 ? '' : '+'}${reportFigure(value)}`;
