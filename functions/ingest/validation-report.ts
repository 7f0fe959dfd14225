import { code, counted, listed, visible } from '@tidemark/statistics/sentence.ts';
import { quarantineKey } from './arrival-key.ts';
import type { DataFinding, Example } from './data-finding.schema.ts';
import { maximumCopyBytes } from './ingest-limits.ts';
import type { Validation } from './validation.schema.ts';

type RejectedFile = Validation['files'][number];

/** Files of a batch that are not accepted. */
export function rejectedFiles({ files }: Pick<Validation, 'files'>): RejectedFile[] {
  return files.filter(({ accepted }) => !accepted);
}

/** Reasons that are put on the bus: an event to Step Functions must fit 256 KiB. The report has all of them. */
const announcedReasons = 20;
const announcedFiles = 50;

/** The sentence, the files and the reasons of `data.rejected`. */
export function rejection(validation: Validation, reportKey: string) {
  const rejected = rejectedFiles(validation);
  const accepted = validation.files.length - rejected.length;
  const problems = [...validation.batchProblems, ...rejected.flatMap((file) => file.problems)];
  const first = rejected.find((file) => file.problems.length > 0);
  // Of one among several files it would seem to be said of all.
  const whose =
    first && rejected.length > 1 && validation.batchProblems.length === 0
      ? `${code(first.object.key)}: `
      : '';
  const names = rejected.map(({ object }) => object.key);
  const others =
    accepted > 0
      ? `The other ${counted(accepted, 'file')} of the batch ${accepted === 1 ? 'was' : 'were'} accepted.`
      : 'The dataset is unchanged.';
  return {
    message:
      `${counted(rejected.length, 'file')} of ${validation.model} rejected: ${listed(names)}. ` +
      `${whose}${problems[0]?.what ?? 'The batch has no files.'} ${problems[0]?.remedy ?? ''} ${others} See ${reportKey}.`,
    files: names.slice(0, announcedFiles),
    reasons: problems
      .slice(0, announcedReasons)
      .map(({ check, what, why, remedy }) => ({ check, what, why, remedy })),
  };
}

/** `report.md`: for the person who dropped the files. */
export function reportMarkdown(validation: Validation): string {
  const { model, batchId, batchProblems } = validation;
  const rejected = rejectedFiles(validation);
  const accepted = validation.files.length - rejected.length;
  const blameless = rejected.filter(({ problems }) => problems.length === 0);
  return [
    `# Rejected data of ${model}, ${batchId}`,
    '',
    `${counted(rejected.length, 'file')} rejected, ${accepted} accepted. The dataset ${accepted > 0 ? 'has the accepted ones' : 'is unchanged'}; nothing was lost.`,
    ...section('The batch as a whole', batchProblems),
    ...rejected
      .filter(({ problems }) => problems.length > 0)
      .flatMap((file) => section(code(file.object.key), file.problems)),
    ...(blameless.length > 0
      ? ['', '## Good by themselves', '', ...blameless.map(({ object }) => `- ${code(object.key)}`)]
      : []),
    '',
    '## Where the files are',
    '',
    ...rejected.map(
      (file) =>
        `- ${code(file.object.key)}, version \`${file.object.versionId}\`: ${placeOf(validation, file)}`,
    ),
    '',
    'Correct the files and drop them again, under the same names or others.',
    '',
  ].join('\n');
}

/** `report.json`: the same for programs. */
export function reportJson(validation: Validation) {
  const { model, batchId, batchProblems } = validation;
  return {
    schemaVersion: 1,
    model,
    batchId,
    batchProblems,
    files: rejectedFiles(validation).map((file) => ({
      object: file.object,
      quarantineKey: isCopied(file) ? quarantineKey(model, batchId, file.object.key) : null,
      problems: file.problems,
    })),
  };
}

/** Whether the file moves to quarantine: S3 copies only so much in one request. */
export function isCopied({ size }: Pick<RejectedFile, 'size'>): boolean {
  return size <= maximumCopyBytes;
}

function section(title: string, problems: readonly DataFinding[]): string[] {
  if (problems.length === 0) return [];
  return ['', `## ${title}`, ...problems.flatMap(problemLines)];
}

function problemLines({ check, what, why, remedy, shown, examples }: DataFinding): string[] {
  return [
    '',
    `- **What:** ${shown === null ? what : `${what} ${shown}`}`,
    `- **Why it is not accepted:** ${why}`,
    `- **What to do:** ${remedy}`,
    `- Check: \`${check}\``,
    ...(examples.length > 0 ? ['', ...quoted(examples)] : []),
  ];
}

/** Offenders in a block of code, whose fence is longer than any run of backticks within. */
function quoted(examples: readonly Example[]): string[] {
  const lines = examples.map(({ where, text }) => `${where}: ${visible(text)}`);
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence];
}

function placeOf({ model, batchId }: Validation, file: RejectedFile): string {
  return isCopied(file)
    ? code(quarantineKey(model, batchId, file.object.key))
    : 'left in place, because it is too large to copy';
}
