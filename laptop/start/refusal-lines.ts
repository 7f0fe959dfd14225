import type { DefinitionFinding } from '@tidemark/domain/definition/definition-finding.ts';
import type { DomainEventDetail } from '@tidemark/domain/events/domain-events.schema.ts';
import type { Line } from '../progress/line.ts';
import { blank } from './report-lines.ts';

type Problems = DomainEventDetail<'definition.rejected'>['problems'];

const placeColumn = 15;

/** What is wrong with a definition, where, and how to fix it. */
export function problemLines(problems: Problems | readonly DefinitionFinding[]): Line[] {
  return problems.flatMap(({ line, column, what, remedy }) => {
    const place = [line === null ? 'file' : `line ${line}`, ...(column === null ? [] : [column])].join(':');
    return [
      [
        { text: `  ${place}`.padEnd(placeColumn), style: 'dim' },
        { text: what, isProse: true },
      ],
      [{ text: ' '.repeat(placeColumn) }, { text: remedy, style: 'dim', isProse: true }],
      blank,
    ] satisfies Line[];
  });
}

/** A report of the product, as it stands. */
export function documentLines(text: string): Line[] {
  const lines = text.trimEnd().split('\n');
  return [...lines.map((line): Line => [{ text: '  ' }, { text: line, isProse: true }]), blank];
}
