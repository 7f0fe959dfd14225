import type { MonitoredRow } from '../capture/monitored.schema.ts';
import type { WindowPlan } from '../windows/baseline.schema.ts';

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
 * A line of a file of predictions: the id, a tab and the row, both as JSON. Few of the predictions that are read get a label, and an
 * id is found without parsing the row.
 */
export function toLine(row: MonitoredRow): string {
  return `${JSON.stringify(row.inferenceId)}\t${JSON.stringify(row)}\n`;
}

/** The id of a line as JSON, and the rest. JSON escapes tabs. */
export function splitLine(line: string): { readonly id: string; readonly row: string } {
  const tab = line.indexOf('\t');
  return { id: line.slice(0, tab), row: line.slice(tab + 1) };
}
