import type { WindowPlan } from '@tidemark/domain/windows/baseline.schema.ts';
import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';

/**
 * Reduces rows to what a label that comes later needs: the prediction, and the segments that it is in. The rest would be most of
 * what is read again with every window in which labels come.
 */
export function reducer({ columns, segments }: WindowPlan): (row: MonitoredRow) => MonitoredRow {
  const monitored = new Set(
    segments.filter(({ source }) => source === 'monitored').map(({ column }) => column),
  );
  const isKept = columns.map(({ name }) => monitored.has(name));
  const sent = segments.filter(({ source }) => source === 'record').map(({ column }) => column);
  return (row) => {
    const { record } = row;
    const values = row.values.map((value, position) => (isKept[position] ? value : null));
    if (record === null) return { ...row, values };
    const kept = sent
      .filter((column) => Object.hasOwn(record, column))
      .map((column) => [column, record[column]]);
    return { ...row, values, record: Object.fromEntries(kept) };
  };
}

/**
 * A line of a file of predictions or labels: the inference id, a tab and the rest, both as JSON, which escapes tabs. Few of the lines
 * that are read matter, and an id is found without parsing the rest.
 */
export function lineOf(inferenceId: string, rest: unknown): string {
  return `${JSON.stringify(inferenceId)}\t${JSON.stringify(rest)}\n`;
}

/** The inference id of a line. */
export function idOfLine(line: string): string {
  return String(JSON.parse(line.slice(0, line.indexOf('\t'))));
}

/** What follows the inference id, as JSON. */
export function restOfLine(line: string): string {
  return line.slice(line.indexOf('\t') + 1);
}
