import { count, type Line, type Style } from '../../progress/line.ts';
import { reportFigure } from '../report-lines.ts';
import type { ReplayedWindow } from './replayed-window.schema.ts';

const verdictStyles: Record<ReplayedWindow['verdict'], Style> = {
  stable: 'good',
  drift: 'warn',
  'insufficient-data': 'warn',
};
/** More columns than these are counted. */
const namedColumns = 4;

/** What is going to be asked. */
export function windowHeading(number: number, { what }: Pick<ReplayedWindow, 'what'>, asked: number): Line {
  return [
    { text: `  Window ${number}`, style: 'bold' },
    { text: `  ${count(asked)} predictions: ${what}`, isProse: true },
  ];
}

/** Shown while the prediction function is asked. */
export function askingLine(answered: number, asked: number): Line {
  return [
    { text: '  · ', style: 'accent' },
    { text: `asking the prediction function: ${count(answered)} of ${count(asked)}` },
  ];
}

/** What came of a window: verdict, what moved and how far, quality, alarms. */
export function windowLine(window: ReplayedWindow): Line {
  const { verdict, rows } = window;
  return [
    { text: '  ◆ ', style: verdictStyles[verdict] },
    { text: `${verdict.padEnd(8)}`, style: verdictStyles[verdict] },
    {
      text: `${count(rows)} judged; ${movedText(window)}; ${qualityText(window.quality)}; ${alarmsText(window.alarms)}`,
      isProse: true,
    },
  ];
}

function movedText({ verdict, columns }: ReplayedWindow): string {
  const named = columns.slice(0, namedColumns).map(({ name, distance }) => `${name} ${distance.toFixed(2)}`);
  const others = columns.length - named.length;
  const list = [...named, ...(others > 0 ? [`${others} more`] : [])].join(', ');
  if (verdict === 'drift') return `moved: ${list}`;
  return list === '' ? 'nothing moved' : `nothing moved (farthest: ${list})`;
}

function qualityText({ verdict, basis, metric, value }: ReplayedWindow['quality']): string {
  if (value === null) return 'quality not known';
  return `${metric} ${reportFigure(value)} ${basis}, ${verdict}`;
}

function alarmsText(alarms: ReplayedWindow['alarms']): string {
  return `alarms: ${Object.entries(alarms)
    .map(([kind, state]) => `${kind} ${state}`)
    .join(', ')}`;
}
