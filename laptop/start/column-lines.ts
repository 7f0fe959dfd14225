import type { Evaluation } from '../../functions/train/evaluation.schema.ts';
import type { Line } from '../progress/line.ts';
import { field, more } from './report-lines.ts';

/** Columns that are told of each kind; more than fit on a screen are in the evaluation. */
const toldColumns = 12;

/** What a version predicts, and the columns that it does not use or uses with a warning, each with the reason. */
export function columnLines({ positive, columns }: Evaluation): Line[] {
  const warnings = columns.filter(({ level }) => level === 'warning').map(({ sentence }) => sentence);
  const notes = columns.filter(({ level }) => level === 'note').map(({ sentence }) => sentence);
  return [
    ...(positive ? [positiveLine(positive)] : []),
    ...told('Warnings', warnings, 'warn'),
    ...told('Not used', notes),
  ];
}

function positiveLine({ label, decidedBy }: NonNullable<Evaluation['positive']>): Line {
  const how =
    decidedBy === 'definition'
      ? ', as the definition says'
      : ', the later of the two values in order; `target.positive` says otherwise';
  return field('Yes means', `\`${label}\`${how}`);
}

function told(label: string, sentences: readonly string[], style?: 'warn'): Line[] {
  const untold = sentences.length - toldColumns;
  const lines = sentences.slice(0, toldColumns).map((sentence, index): Line => {
    const line = field(index === 0 ? label : '', sentence);
    return style === undefined ? line : line.map((part) => (part.isProse ? { ...part, style } : part));
  });
  return untold > 0 ? [...lines, more(`and ${untold} more, in evaluation.json`)] : lines;
}
