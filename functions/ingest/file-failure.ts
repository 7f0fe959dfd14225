import { cell, counted, reveal, say } from '@tidemark/statistics/sentence.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding, UnacceptableFileError } from './data-finding.ts';

/** What the failure of a file's validation means for the file. */
export interface FileFailure {
  readonly problems: readonly DataFinding[];
  /** Kind of an error that no check of ours foresaw, for operators; it holds nothing of the data. */
  readonly unforeseen: string | null;
}

/**
 * What an error says of the file that was being validated: content must not fail the machine, so whatever reading, checking and writing
 * the rows throws is the file's finding. `undefined` for an error of the disk, which the next file would meet too: it is to be retried.
 */
export function fileFailureOf(error: unknown): FileFailure | undefined {
  if (error instanceof UnacceptableFileError) return { problems: error.problems, unforeseen: null };
  if (isOfDisk(error)) return undefined;
  const kind = kindOf(error);
  if (kind === 'Out of Memory Error') return { problems: [outOfMemory()], unforeseen: kind };
  return { problems: [unreadable(error)], unforeseen: kind };
}

/** A file whose validation ended so many times with its process: of memory or time. */
export function endedProcess(times: number): FileFailure {
  const ended = dataFinding(
    'file-size',
    say`The validation of this file ended ${counted(times, 'time')} without a result.`,
    say`A file is validated by one function, whose memory and time are limited, and which was stopped each time.`,
    smaller,
  );
  return { problems: [ended], unforeseen: 'process ended' };
}

const smaller = say`Split it into several files, leave out columns that the model does not need, and shorten long texts.`;

function outOfMemory(): DataFinding {
  return dataFinding(
    'file-size',
    say`The file needs more memory than its validation has.`,
    say`A file is validated by one function, whose memory is limited.`,
    smaller,
  );
}

function unreadable(error: unknown): DataFinding {
  const text = error instanceof Error ? error.message : String(error);
  const [reason = ''] = text.split('\n', 1);
  return dataFinding(
    'could-not-be-read',
    say`The file could not be read to its end.`,
    say`A file is accepted as a whole or not at all. Operators were alerted, because no check covers this.`,
    say`Write the file in another format (CSV, JSON Lines or Parquet) and drop it again, or send this report to the operators of Tidemark.`,
    { shown: reveal`The reader says ${cell(withoutPaths(reason))}.` },
  );
}

/** A path of scratch disk says nothing to the file's owner. */
export function withoutPaths(text: string): string {
  return text.replaceAll(/(?:\bfile )?["'`]?(?:\/[^\s"'`/]+){2,}["'`]?/g, 'the file');
}

/** How DuckDB's messages begin, or the class of another error. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error';
  return (
    /^(?:TransactionContext |INTERNAL )?([A-Z][a-z]+(?: [A-Za-z]+){0,3} Error|INTERNAL Error)\b/.exec(
      error.message,
    )?.[1] ?? error.name
  );
}

/** A full disk or a failing one, told by Node.js or by DuckDB. */
function isOfDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('syscall' in error && 'code' in error) return true;
  return /No space left|Could not (write|create|sync|truncate)|Too many open files|Input\/output error|Cannot allocate memory/i.test(
    error.message,
  );
}
