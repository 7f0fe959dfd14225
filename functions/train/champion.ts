import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { Champion } from './preparation.schema.ts';

/**
 * Whether the live version answers the same question as the new one, so that they can be compared on the same rows. Classes of a
 * multiclass problem may come and go: they are matched by name.
 */
export function championOf(
  live: Pick<VersionRecord, 'version' | 'scoredModelName'> | null,
  itsEncoding: Encoding | null,
  { problem, target }: Pick<Encoding, 'problem' | 'target'>,
): Champion {
  if (live === null || itsEncoding === null) return { kind: 'none' };
  const { version, scoredModelName } = live;
  const question = questionOf({ problem, target });
  const itsQuestion = questionOf(itsEncoding);
  if (question !== itsQuestion) {
    const reason = `Version ${version} predicts ${itsQuestion}, and this one ${question}.`;
    return { kind: 'incomparable', version, reason };
  }
  return { kind: 'comparable', version, scoredModelName, classes: itsEncoding.target.classes };
}

/** Columns that the live version uses and the dataset does not have: they are missing for it, as they will be in production. */
export function missingForChampion(
  encoding: Encoding,
  columns: readonly { readonly name: string }[],
): string[] {
  const names = new Set(columns.map(({ name }) => name));
  return [...new Set(encoding.features.map(({ column }) => column))].filter((name) => !names.has(name));
}

/** What is predicted, in words that are equal for equal questions. */
function questionOf({ problem, target }: Pick<Encoding, 'problem' | 'target'>): string {
  const { column, classes } = target;
  switch (problem) {
    case 'binary':
      return `whether ${column} is ${classes[1]} or ${classes[0]}`;
    case 'multiclass':
      return `the class of ${column}`;
    case 'regression':
      return `the number ${column}`;
    default:
      return unreachable(problem);
  }
}
