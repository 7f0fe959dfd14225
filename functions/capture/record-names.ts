import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { closest, didYouMean } from '@tidemark/domain/definition/closest.ts';
import type { RawRecord } from '@tidemark/domain/windows/monitored.schema.ts';

/** What a request's names do not have in common with the model's columns. */
export interface NameWarning {
  /**
   * `ignored-fields`: the model does not read them, among them those of the entity and of the target. `absent-columns`: some record does not name the column, which is missing then.
   * `never-missing-in-training`: no record names it, and the model has never seen a row without it.
   */
  readonly code: 'ignored-fields' | 'absent-columns' | 'never-missing-in-training';
  readonly columns: readonly string[];
  readonly message: string;
}

/** Names that a message holds; the list beside it has all. */
const shownNames = 10;

/** The columns that the model reads, each once. */
export function usedColumns({ features }: Encoding): string[] {
  return [...new Set(features.map(({ column }) => column))];
}

/** Why a record cannot be meant for this model; `undefined` if it names at least one of its columns. Names are compared as they stand. */
export function foreignRecord(encoding: Encoding, record: RawRecord): string | undefined {
  const columns = usedColumns(encoding);
  if (columns.some((column) => Object.hasOwn(record, column))) return undefined;
  const names = Object.keys(record);
  const has = names.length === 0 ? 'It is empty.' : `It has ${shown(names)}.`;
  const meant = names.map((name) => didYouMean(name, columns)).find((question) => question !== '') ?? '';
  return `names none of the columns that the model reads: ${shown(columns)}. ${has}${meant}`;
}

/** What a request's records do not have in common with the model's columns, each name once. */
export function nameWarnings(encoding: Encoding, records: readonly RawRecord[]): NameWarning[] {
  const columns = usedColumns(encoding);
  const known = new Set(columns);
  const named = new Map<string, number>();
  for (const record of records) {
    for (const name of Object.keys(record)) named.set(name, (named.get(name) ?? 0) + 1);
  }
  const ignored = [...named.keys()].filter((name) => !known.has(name));
  const absent = columns.filter((column) => (named.get(column) ?? 0) < records.length);
  const neverMissing = new Set(
    encoding.features.filter((feature) => feature.neverMissing).map(({ column }) => column),
  );
  const unseen = absent.filter((column) => neverMissing.has(column) && !named.has(column));
  const unnamed = absent.filter((column) => !named.has(column));
  return [
    warning('ignored-fields', ignored, 'The model does not read these fields', (name) => {
      const meant = closest(name, unnamed);
      return meant === undefined ? '' : ` (did you mean \`${meant}\`?)`;
    }),
    warning('absent-columns', absent, 'Records do not name these columns, which counts as missing'),
    warning(
      'never-missing-in-training',
      unseen,
      'No record names these columns, and the model has never seen a row without them',
    ),
  ].flatMap((each) => each ?? []);
}

function warning(
  code: NameWarning['code'],
  columns: readonly string[],
  says: string,
  hint: (name: string) => string = () => '',
): NameWarning | undefined {
  if (columns.length === 0) return undefined;
  return { code, columns, message: `${says}: ${shown(columns, hint)}.` };
}

function shown(names: readonly string[], hint: (name: string) => string = () => ''): string {
  const some = names.slice(0, shownNames).map((name) => `\`${name.slice(0, 128)}\`${hint(name)}`);
  const more = names.length - some.length;
  return more > 0 ? `${some.join(', ')} and ${more} more` : some.join(', ');
}
