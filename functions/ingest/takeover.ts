import { type EndedExecution, type IngestStart, ingestStartSchema, type Work } from './workflow.schema.ts';

/**
 * How long what an execution has left waits, in seconds, before the first, second and third execution takes it up. The one that ended has
 * tried for minutes; a cause that is fixed within four hours needs no person. After that it is for a person, whom an alarm has told.
 */
export const takeoverDelays = [60, 900, 10_800] as const;

/** What a repetition does not fix: a defect, or a request that is wrong. A machine's retries leave them out too. */
const finalErrors = new Set([
  'InvariantError',
  'InvalidInputError',
  'BatchNotFoundError',
  'ModelNotFoundError',
  'ZodError',
]);

/** What an execution is to do, and for whom. */
export interface IngestBeginning {
  readonly work: Work;
  /** The execution that was started for this work first. Its successor has its claims, its signature and its cause. */
  readonly owner: string;
  /** How many executions have ended without success before this one. */
  readonly ended: number;
  /** Only an open batch may be closed: the last one was stopped by somebody, or failed in a way that it would fail again. */
  readonly mayOnlyClose: boolean;
}

/**
 * Finds the work of an execution. One that is told that another has ended does that one's work in its name: claims, signatures and
 * events are then repeated, as when a function is retried, and not made twice.
 * @returns why there is nothing to do, if there is nothing
 */
export function beginningOf(start: IngestStart, executionArn: string): IngestBeginning | string {
  if (!isEnded(start)) return { work: start, owner: executionArn, ended: 0, mayOnlyClose: false };
  const { status, error } = start.detail;
  const mayOnlyClose = status === 'ABORTED' || finalErrors.has(error ?? '');
  let [last, ended] = [start, 1];
  for (;;) {
    const { executionArn: owner, input } = last.detail;
    const given = startOf(input);
    if (given === undefined)
      return `It is not known what ${owner} was started with, so there is nothing to continue.`;
    if (!isEnded(given)) return { work: given, owner, ended, mayOnlyClose };
    [last, ended] = [given, ended + 1];
  }
}

function isEnded(start: IngestStart): start is EndedExecution {
  return 'source' in start && start.source === 'aws.states';
}

function startOf(input: string | null | undefined): IngestStart | undefined {
  if (input === null || input === undefined) return undefined;
  // Step Functions takes JSON only.
  return ingestStartSchema.safeParse(JSON.parse(input)).data;
}
