import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import {
  code,
  counted,
  listed,
  listedCells,
  reveal,
  type Sentence,
  say,
} from '@tidemark/statistics/sentence.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding } from './data-finding.ts';

type Uses = Pick<
  Definition,
  'target' | 'time' | 'entity' | 'weight' | 'segments' | 'features' | 'monitoring'
>;

/** Columns that must be there, each with what the definition needs it for. */
function requiredColumns(definition: Uses): { name: string; use: string }[] {
  const { target, segments, features, monitoring } = definition;
  const roles = (['time', 'entity', 'weight'] as const).flatMap((use) => {
    const name = definition[use];
    return name === undefined ? [] : [{ name, use }];
  });
  return [
    { name: target.column, use: 'target' },
    ...roles,
    ...monitoring.exclude.map((name) => ({ name, use: 'monitoring.exclude' })),
    ...segments.map((name) => ({ name, use: 'segments' })),
    ...(features.include ?? []).map((name) => ({ name, use: 'features.include' })),
  ];
}

/** Whether datasets of this model hold the column: what no definition asks for is not stored, and not checked. */
export function isColumnUsed(definition: Uses, name: string): boolean {
  const { include, exclude } = definition.features;
  if (requiredColumns(definition).some((column) => column.name === name)) return true;
  return (include === undefined || include.includes(name)) && !(exclude ?? []).includes(name);
}

/** What is wrong with a file that has these columns, given only the definition. */
export function definitionFindings(definition: Uses, names: readonly string[]): DataFinding[] {
  const missing = new Map<string, string[]>();
  for (const { name, use } of requiredColumns(definition)) {
    if (!names.includes(name)) missing.set(name, [...(missing.get(name) ?? []), use]);
  }
  const problems = [...missing].map(([name, uses]) => missingColumn(name, uses, names));
  return problems.length > 0 ? problems : withoutFeatures(definition, names);
}

function missingColumn(name: string, uses: readonly string[], names: readonly string[]): DataFinding {
  const similar = names.find((other) => folded(other) === folded(name));
  const check = uses.includes('target') ? 'target-missing' : 'column-missing';
  return dataFinding(
    check,
    names.length === 0
      ? say`There is no column ${code(name)}: the file has no columns at all.`
      : say`There is no column ${code(name)} among the ${counted(names.length, 'column')} of the file.`,
    say`The definition names it under ${listed(uses)}.`,
    similar === undefined
      ? (firstLineHint(names) ??
          say`Add the column to the file, or correct the definition, then drop the file again.`)
      : say`Rename the file’s column ${code(similar)}, or write it so in the definition: upper and lower case and spaces count.`,
    // Without a line of names, they are values.
    names.length === 0 ? [] : { shown: reveal`The file has ${listedCells(names)}.` },
  );
}

function withoutFeatures(definition: Uses, names: readonly string[]): DataFinding[] {
  const { target, entity, weight } = definition;
  const isFeature = (name: string) =>
    ![target.column, entity, weight].includes(name) && isColumnUsed(definition, name);
  if (names.some(isFeature)) return [];
  return [
    dataFinding(
      'no-features',
      say`Besides the target ${code(target.column)} the file has no column that the definition uses.`,
      say`There is nothing to predict from.`,
      say`Add feature columns to the file, or take them out of \`features.exclude\`.`,
    ),
  ];
}

function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** Numbers as names mean that the first line is data. */
function firstLineHint(names: readonly string[]): Sentence | undefined {
  if (!names.some((name) => /^[-+]?\d+(\.\d+)?$/.test(name))) return undefined;
  return say`The first line seems to be data: write the names of the columns above it, then drop the file again.`;
}
