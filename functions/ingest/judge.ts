import { contentOf } from '../datasets/dataset-identity.ts';
import type { Column } from '../datasets/manifest.schema.ts';
import { mergeParts } from '../datasets/merge-parts.ts';
import type { Definition } from '../definition/definition.schema.ts';
import { mergeProfiles } from '../profile/merge-profiles.ts';
import { batchProblems } from './batch-problems.ts';
import type { AcceptableFile, FileResult } from './file-result.schema.ts';
import type { Problem } from './problem.schema.ts';
import { counted, problem } from './problem.ts';
import {
  columnsWithType,
  type FoundColumn,
  nameProblems,
  type ReferenceSchema,
  typeProblems,
  widened,
} from './schema-rules.ts';
import { mergeTargets, targetProblems } from './target-values.ts';
import { isUsed } from './used-columns.ts';
import type { Validation } from './validation.schema.ts';

/** The dataset that a batch adds to, or replaces. */
export interface AcceptedBefore {
  readonly datasetId: string;
  readonly columns: readonly Column[];
  /** Values that the target had then. */
  readonly targetValues: readonly string[];
}

/** What a batch is judged by. */
export interface JudgementFacts {
  readonly model: string;
  readonly batchId: string;
  readonly definition: Definition;
  readonly accepted: AcceptedBefore | undefined;
  /** A result per file, in the order of their keys. */
  readonly results: readonly FileResult[];
}

type Verdict = Validation['files'][number] & { readonly finding?: AcceptableFile };

/**
 * What the next file of a batch is held against: the dataset so far and the files before it.
 * @param earlier columns of the files of this batch that were accepted, in the order of their keys, each with its key
 */
export function referenceSchema(
  definition: Definition,
  accepted: AcceptedBefore | undefined,
  earlier: readonly { readonly key: string; readonly columns: readonly FoundColumn[] }[],
): ReferenceSchema | undefined {
  const before = accepted?.columns.filter(({ name }) => isUsed(definition, name));
  const [first] = earlier;
  if (before === undefined && first === undefined) return undefined;
  const columns = earlier.reduce<FoundColumn[]>(
    (known, file) => widened(known, file.columns),
    (before ?? []).map(({ name, type }) => ({ name, type })),
  );
  const origin = accepted ? `the dataset ${accepted.datasetId}` : `the file ${first?.key} of this batch`;
  return { columns, origin, mayGrow: first === undefined && definition.ingestion.mode === 'replace' };
}

/** Judges a batch: which files are accepted, and if none, why. */
export function judge(facts: JudgementFacts): Validation {
  const { definition, accepted } = facts;
  const verdicts = judgeFiles(facts);
  const good = verdicts.flatMap(({ accepted: isGood, finding }) => (isGood && finding ? [finding] : []));
  const files = distinctContents(good);
  const profile = mergeProfiles(files.map((file) => file.profile));
  const known = accepted?.columns ?? [];
  const reference = referenceSchema(
    definition,
    accepted,
    verdicts.flatMap(({ object: { key }, finding }) => (finding ? [{ key, columns: finding.columns }] : [])),
  );
  const target = mergeTargets(files, profile.rows);
  const problems = [
    ...wholenessProblems(definition, verdicts),
    ...(files.length === 0
      ? []
      : [
          ...batchProblems({ files, profile, known, definition }),
          ...targetProblems(definition, target, knownClasses(definition, accepted)),
        ]),
  ];
  const isAccepted = problems.length === 0 && files.length > 0;
  return {
    schemaVersion: 1,
    model: facts.model,
    batchId: facts.batchId,
    judgedAgainst: accepted?.datasetId ?? null,
    files: verdicts.map(({ object, size, accepted: isGood, problems: own }) => ({
      object,
      size,
      accepted: isGood && isAccepted,
      problems: own,
    })),
    batchProblems: problems,
    columns: isAccepted ? columnsWithType(reference?.columns ?? []) : [],
    splitMethod: definition.time === undefined ? 'hash' : 'time',
    parts: isAccepted
      ? mergeParts(
          good.map(({ part }) => part),
          new Map(),
        )
      : [],
    unlabelledRows: files.reduce((sum, { unlabelledRows }) => sum + unlabelledRows, 0),
    profile,
    targetValues: target.values,
  };
}

/** Each file against the dataset and the files before it: the schema may have changed since the file was validated. */
function judgeFiles({ definition, accepted, results }: JudgementFacts): Verdict[] {
  const verdicts: Verdict[] = [];
  const earlier: { key: string; columns: readonly FoundColumn[] }[] = [];
  for (const { object, size, finding } of results) {
    if (finding.kind === 'unacceptable') {
      verdicts.push({ object, size, accepted: false, problems: finding.problems });
      continue;
    }
    const reference = referenceSchema(definition, accepted, earlier);
    const problems = reference ? schemaProblems(finding.columns, reference) : [];
    if (problems.length > 0) {
      verdicts.push({ object, size, accepted: false, problems });
    } else {
      earlier.push({ key: object.key, columns: finding.columns });
      verdicts.push({ object, size, accepted: true, problems: [], finding });
    }
  }
  return verdicts;
}

function schemaProblems(columns: readonly FoundColumn[], reference: ReferenceSchema): Problem[] {
  const names = columns.map(({ name }) => name);
  return [...nameProblems(names, reference), ...typeProblems(columns, reference)];
}

/** The same rows in two files of a batch are one file's worth. */
function distinctContents(files: readonly AcceptableFile[]): AcceptableFile[] {
  return [...new Map(files.map((file) => [contentOf(file.part), file])).values()];
}

function wholenessProblems({ ingestion }: Definition, verdicts: readonly Verdict[]): Problem[] {
  if (verdicts.length === 0) return [noFiles()];
  const bad = verdicts.filter(({ accepted }) => !accepted).length;
  if (ingestion.mode !== 'replace' || bad === 0 || bad === verdicts.length) return [];
  return [
    problem(
      'incomplete-replacement',
      `${counted(bad, 'file')} of ${verdicts.length} cannot be accepted, and the batch was to replace the dataset.`,
      'A dataset without these rows is worse than the one that is there, which stays.',
      'Mend the files named in this report and drop all files of the batch together again.',
    ),
  ];
}

function noFiles(): Problem {
  return problem(
    'no-files',
    'The batch has no files.',
    'The marker says that its folder is complete, and the folder holds no data.',
    'Drop the files first and the marker last.',
  );
}

/** A binary target that is a column as it stands keeps its two classes. */
function knownClasses({ problem: kind, target }: Definition, accepted: AcceptedBefore | undefined) {
  const asItStands = kind === 'binary' && !('above' in target) && !('positive' in target);
  return asItStands && accepted?.targetValues.length === 2 ? accepted.targetValues : undefined;
}
