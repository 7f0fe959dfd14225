import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { code, numeral, say } from '@tidemark/statistics/sentence.ts';
import type { TargetSummary } from './file-result.schema.ts';
import type { DataWarning } from './shown-warning.schema.ts';
import { alikeClass } from './target-values.ts';

/**
 * Classes that are hardly meant to be two: they differ in case, blanks or invisible characters, or in how a number is spelled, such as `1`
 * and `1.0`. A binary target with more than its two values is refused; one of many classes would learn them as different in silence.
 */
export function twinClasses(
  { problem, target: { column } }: Pick<Definition, 'problem' | 'target'>,
  { values }: TargetSummary,
): DataWarning[] {
  if (problem !== 'multiclass') return [];
  const groups = new Map<string, TargetSummary['values']>();
  for (const each of values) {
    const key = alikeClass(each.value);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const twins = [...groups.values()].filter(({ length }) => length > 1).flat();
  if (twins.length === 0) return [];
  return [
    {
      code: 'classes-alike',
      column,
      present: sum(values),
      strangers: sum(twins),
      rows: [],
      what: say`The target ${code(column)} has ${numeral(twins.length)} classes of which another differs in case, blanks or the spelling of a number only.`,
      remedy: say`Write each class in one way, and drop all data again with \`ingestion.mode: replace\`; if they are meant to be different, leave them.`,
      examples: twins.map(({ value, rows }) => ({ where: `${rows} rows`, text: value })),
    },
  ];
}

const sum = (values: TargetSummary['values']) => values.reduce((total, { rows }) => total + rows, 0);
