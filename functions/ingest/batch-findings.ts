import { splitNames } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { ColumnProfile } from '@tidemark/statistics/profile/profile.schema.ts';
import { code, counted, listed, numeral, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import type { BatchSummary } from './batch-contents.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding } from './data-finding.ts';

/** What a batch is judged by. */
export interface BatchFacts {
  /** Of the files that are good by themselves. */
  readonly summary: BatchSummary;
  /** Columns that were accepted before. */
  readonly known: readonly Column[];
  readonly definition: Definition;
}

/** What is wrong with a batch as a whole, its target apart. */
export function batchFindings(facts: BatchFacts): DataFinding[] {
  return [...rowProblems(facts), ...columnProblems(facts)];
}

function rowProblems({ summary, definition }: BatchFacts): DataFinding[] {
  const { minimumRows, maximumDuplicates, maximumMissing } = definition.ingestion;
  const { profile, unlabelledRows: unlabelled, duplicates, splitRows } = summary;
  const unlabelledShare = unlabelled / (unlabelled + profile.rows);
  const problems: DataFinding[] = [];
  if (profile.rows < minimumRows) problems.push(tooFewRows(profile.rows, minimumRows));
  if (unlabelledShare > maximumMissing) {
    problems.push(unlabelledRows(definition.target.column, unlabelledShare, maximumMissing));
  }
  if (duplicates > maximumDuplicates) problems.push(tooManyDuplicates(duplicates, maximumDuplicates));
  const empty = splitNames.filter((side) => splitRows[side] === 0);
  if (empty.length > 0 && problems.length === 0) problems.push(emptySide(empty, profile.rows));
  return problems;
}

function columnProblems({ summary: { profile }, known, definition }: BatchFacts): DataFinding[] {
  const { maximumMissing } = definition.ingestion;
  const isKnown = ({ name }: ColumnProfile) => known.some((column) => column.name === name);
  const share = ({ missing, rows }: ColumnProfile) => missing / rows;
  const gaps = profile.columns.filter((column) => isKnown(column) && share(column) > maximumMissing);
  const empty = profile.columns.filter((column) => !isKnown(column) && column.missing === column.rows);
  return [
    ...(empty.length > 0 ? [emptyColumns(empty.map(({ name }) => name))] : []),
    ...gaps.map((column) => incompleteColumn(column.name, share(column), maximumMissing)),
  ];
}

function tooFewRows(rows: number, minimum: number): DataFinding {
  return dataFinding(
    'minimum-rows',
    say`The batch has ${counted(rows, 'row')} with a target; at least ${numeral(minimum)} are asked for.`,
    say`Fewer rows cannot be split, trained on and judged with any certainty.`,
    say`Drop more rows together, or lower \`ingestion.minimumRows\` in the definition.`,
  );
}

function unlabelledRows(target: string, share: number, maximum: number): DataFinding {
  return dataFinding(
    'target-missing-values',
    say`The target ${code(target)} is missing in ${percent(share)} of the rows; at most ${percent(maximum)} may be.`,
    say`So many gaps are more likely an error of the export than unknown answers.`,
    say`Fill in the target, or raise \`ingestion.maximumMissing\` in the definition.`,
  );
}

function tooManyDuplicates(share: number, maximum: number): DataFinding {
  const enough = Number((Math.ceil(share * 20) / 20).toFixed(2));
  return dataFinding(
    'duplicates',
    say`${percent(share)} of the rows repeat another row of the batch; at most ${percent(maximum)} may.`,
    say`Repeated rows count twice in training and make a model look more certain than it is.`,
    say`Remove the repetitions, or add the column that tells the rows apart. Some data repeats by nature, such as answers of a survey in whole numbers: then set \`ingestion.maximumDuplicates\` in the definition, now ${maximum}, to ${enough} or more.`,
  );
}

function emptySide(sides: readonly string[], rows: number): DataFinding {
  return dataFinding(
    'split-empty',
    say`The split leaves no rows for ${listed(sides)}, of ${counted(rows, 'row')}.`,
    say`Each side needs rows: to learn from, to stop in time and to judge by.`,
    say`Drop more rows, or rows that differ more, together.`,
  );
}

function emptyColumns(names: readonly string[]): DataFinding {
  return dataFinding(
    'column-empty',
    say`${listed(names)} ${names.length === 1 ? 'has' : 'have'} no value in any row.`,
    say`Nothing can be learnt from a column without values, and its type cannot be told.`,
    say`Fill the column, leave it out of the files, or list it under \`features.exclude\` in the definition.`,
  );
}

function incompleteColumn(name: string, share: number, maximum: number): DataFinding {
  return dataFinding(
    'completeness',
    say`${code(name)} is missing in ${percent(share)} of the rows; at most ${percent(maximum)} may be.`,
    say`The column was filled before: a model that relies on it would predict without it.`,
    say`Fill the column, list it under \`features.exclude\`, or raise \`ingestion.maximumMissing\` in the definition.`,
  );
}

/** With as many digits as tell it from the limit. */
function percent(share: number): Sentence {
  return say`${Number((share * 100).toFixed(share > 0.99 && share < 1 ? 3 : 1))} %`;
}
