import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { csvLine, encodeRow, UnencodableValueError } from '@tidemark/domain/datasets/encoding.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import type { RawRecord } from '@tidemark/domain/windows/monitored.schema.ts';
import { foreignRecord } from './record-names.ts';

/** Records name none of the model's columns, or hold values that they do not allow. Nothing was predicted. */
export class InvalidRecordError extends InvalidInputError {
  override readonly name = 'InvalidRecordError';
}

/** Enough to see what is wrong with a request, and not a message per record of it. */
const shownProblems = 5;

/** Raw records as lines of CSV for the model: all of them or none. @throws InvalidRecordError */
export function encodeRecords(encoding: Encoding, records: readonly RawRecord[]): string[] {
  const problems: string[] = [];
  const lines: string[] = [];
  for (const [index, record] of records.entries()) {
    const foreign = foreignRecord(encoding, record);
    if (foreign !== undefined) {
      problems.push(`records[${index}] ${foreign}`);
      continue;
    }
    try {
      lines.push(csvLine(encodeRow(encoding, record)));
    } catch (error) {
      if (!(error instanceof UnencodableValueError)) throw error;
      problems.push(`records[${index}]: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new InvalidRecordError(sentence(problems, records.length));
  return lines;
}

function sentence(problems: readonly string[], records: number): string {
  const shown = problems.slice(0, shownProblems).join(' ');
  const more = problems.length > shownProblems ? ` (and ${problems.length - shownProblems} more)` : '';
  return `${problems.length} of ${records} records cannot be encoded, so nothing was predicted. ${shown}${more}`;
}
