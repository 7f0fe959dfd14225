import { counted, numeral } from '../sentence.ts';
import { shortNumber, tellApart } from './bins.ts';
import type { ColumnJudgement, ComparedColumn, DriftJudgement } from './drift.schema.ts';
import { newLabel } from './drift.schema.ts';

/** Bins that a sentence names. */
const namedBins = 2;
/** Columns that the window's sentence names. */
const namedColumns = 3;
/** More new values than this, in share of rows above the reference's, are worth naming first. */
const notableNewShare = 0.01;

/** A share as a percentage, with as many digits as tell it from 0. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value >= 9.95) return `${Math.round(value)} %`;
  return value < 0.1 ? 'under 0.1 %' : `${value.toFixed(1)} %`;
}

/** A probability to two digits. */
export function probability(p: number): string {
  return p <= 1e-300 ? 'below 1e-300' : String(Number(p.toPrecision(2)));
}

/** What is said of a column in one sentence. */
export function columnSentence(
  column: ComparedColumn,
  judged: Omit<ColumnJudgement, 'sentence'>,
  policy: Pick<DriftJudgement['policy'], 'alpha' | 'minimumDistance'>,
): string {
  return `${column.name}: ${columnClause(column, judged, policy)}.`;
}

function columnClause(
  column: ComparedColumn,
  judged: Omit<ColumnJudgement, 'sentence'>,
  { alpha, minimumDistance }: Pick<DriftJudgement['policy'], 'alpha' | 'minimumDistance'>,
): string {
  if (judged.presence === 'absent-in-window') return 'no prediction of the window has this column';
  if (judged.presence === 'unknown-to-reference')
    return 'the reference does not have this column, so there is nothing to compare';
  if (judged.verdict === 'not-judged') return 'too few rows to judge';
  if (judged.verdict === 'drift') return [...changes(column, judged), certainty(judged)].join('; ');
  const best = strongestTest(judged);
  if (!best) return 'never varies, now as before';
  if (!best.significant) {
    return `no significant change (adjusted p ${probability(best.adjustedP)}, where at most ${probability(alpha)} counts)`;
  }
  return `has changed significantly (adjusted p ${probability(best.adjustedP)}), but by less than matters (distance ${shortNumber(judged.effect)}, ${minimumDistance} would count)`;
}

function changes(column: ComparedColumn, judged: Omit<ColumnJudgement, 'sentence'>): string[] {
  const said: string[] = [];
  if (judged.drifting.includes('missing')) {
    const { reference, current } = judged.missingShare;
    said.push(`${percent(current)} of the rows have no value, ${percent(reference)} before`);
  }
  if (judged.drifting.includes('values')) said.push(...changesOfValues(column, judged));
  return said;
}

function changesOfValues(column: ComparedColumn, judged: Omit<ColumnJudgement, 'sentence'>): string[] {
  const said: string[] = [];
  if (column.constant !== undefined) said.push(`was always ${column.constant} before`);
  said.push(...newValues(judged));
  if (column.kind === 'number') said.push(...direction(column, judged));
  const bins = judged.movedBins
    .filter(({ bin }) => bin !== newLabel)
    .slice(0, namedBins)
    .map(({ bin, reference, current }) => `${bin} is now ${percent(current)}, was ${percent(reference)}`);
  return [...said, ...bins];
}

function newValues({ movedBins }: Omit<ColumnJudgement, 'sentence'>): string[] {
  const bin = movedBins.find((each) => each.bin === newLabel);
  if (!bin || bin.current - bin.reference < notableNewShare) return [];
  return [
    `${percent(bin.current)} of the values are ones that training never had, ${percent(bin.reference)} before`,
  ];
}

function direction(
  column: Extract<ComparedColumn, { kind: 'number' }>,
  { shareAbove }: Omit<ColumnJudgement, 'sentence'>,
): string[] {
  const said: string[] = [];
  if (column.moments) {
    const { reference, current } = column.moments;
    const [now, before] = tellApart(current.mean, reference.mean);
    said.push(`mean ${now}, was ${before}`);
  }
  if (shareAbove !== undefined) {
    const [side, share] = shareAbove >= 0.5 ? ['above', shareAbove] : ['below', 1 - shareAbove];
    said.push(`a value lies ${side} one of the reference with a probability of ${percent(share)}`);
  }
  return said;
}

function certainty(judged: Omit<ColumnJudgement, 'sentence'>): string {
  const best = strongestTest(judged);
  const p = best ? `, adjusted p ${probability(best.adjustedP)}` : '';
  return `distance ${shortNumber(judged.effect)}${p}`;
}

function strongestTest({ tests }: Pick<ColumnJudgement, 'tests'>) {
  return tests.toSorted((a, b) => a.adjustedP - b.adjustedP || a.p - b.p)[0];
}

/** A reference with fewer rows says nothing about a window of any size. */
export const leastReferenceRows = 50;

/** Which side has too few rows, and what to do about it: more traffic does not help a small hold-out. */
function tooFewSentence({ current, reference }: DriftJudgement['rows'], minimumRows: number): string {
  const window =
    current < minimumRows
      ? [
          `The window has ${counted(current, 'row')}, too few to judge: it takes ${numeral(minimumRows)} (\`monitoring.minimumRows\`).`,
        ]
      : [];
  const compared =
    reference < leastReferenceRows
      ? [
          `What the window is compared with has ${counted(reference, 'row')}, too few to judge any window by: it takes ${leastReferenceRows}. If it is the hold-out, train with more data or a larger \`split.holdout\`.`,
        ]
      : [];
  return [...window, ...compared].join(' ');
}

/** What is said of the window, in one sentence where it can be judged. */
export function windowSentence({ verdict, rows, columns, policy }: Omit<DriftJudgement, 'sentence'>): string {
  if (verdict === 'insufficient-data') return tooFewSentence(rows, policy.minimumRows);
  const drifting = columns
    .filter((column) => column.verdict === 'drift')
    .toSorted((a, b) => b.effect - a.effect);
  if (drifting.length === 0)
    return `None of ${counted(columns.length, 'column')} drifts in ${counted(rows.current, 'row')}.`;
  const names = drifting.slice(0, namedColumns).map(({ name }) => name);
  const rest = drifting.length > namedColumns ? ` and ${drifting.length - namedColumns} more` : '';
  const verb = drifting.length === 1 ? 'drifts' : 'drift';
  return `${drifting.length} of ${counted(columns.length, 'column')} ${verb} in ${counted(rows.current, 'row')}: ${names.join(', ')}${rest}.`;
}
