import type { ErrorAnswer } from './compared-answer.ts';

/** One member in which two normalised answers differ. */
export interface Discrepancy {
  /** `Contents[].ETag`; `outcome` where one is an error and the other is not, or another error. */
  readonly path: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Where two normalised answers differ. Of the messages of errors it compares whether there is one, not how it is worded. */
export function discrepancies(ours: unknown, theirs: unknown): Discrepancy[] {
  if (!isError(ours) && !isError(theirs)) return differing(ours, theirs, '');
  if (outcomeOf(ours) !== outcomeOf(theirs))
    return [{ path: 'outcome', ours: outcomeOf(ours), theirs: outcomeOf(theirs) }];
  return differing(withShapeOfMessage(ours), withShapeOfMessage(theirs), '');
}

/** Whether two errors agree in all but the words of their messages. */
export function isReworded(ours: unknown, theirs: unknown): boolean {
  return isError(ours) && isError(theirs) && ours.message !== theirs.message;
}

function differing(ours: unknown, theirs: unknown, path: string): Discrepancy[] {
  if (Object.is(ours, theirs)) return [];
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length)
    return ours.flatMap((element, index) => differing(element, theirs[index], `${path}[]`));
  if (isRecord(ours) && isRecord(theirs))
    return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((name) =>
      differing(ours[name], theirs[name], path === '' ? name : `${path}.${name}`),
    );
  return [{ path, ours, theirs }];
}

function outcomeOf(answer: unknown): string {
  return isError(answer) ? `${answer.error} (${answer.status})` : 'an answer';
}

function withShapeOfMessage(answer: unknown): unknown {
  return isError(answer) ? { ...answer, message: answer.message === '' ? 'none' : 'some words' } : answer;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isError(answer: unknown): answer is ErrorAnswer {
  return isRecord(answer) && typeof answer.error === 'string' && 'members' in answer;
}
