import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';

const isRunning: ReadonlySet<string> = new Set(['RUNNING', 'PENDING_REDRIVE']);

/** An execution that fails records that itself, unless it cannot. */
const ends: Readonly<Record<string, string>> = {
  ABORTED: 'Execution.ABORTED',
  TIMED_OUT: 'Execution.TIMED_OUT',
  FAILED: 'Execution.UNRECORDED',
};

/** Executions of `train`, as Step Functions knows them. */
export class RunExecutions {
  readonly #sfn: SFNClient;

  constructor(sfn = new SFNClient({})) {
    this.#sfn = sfn;
  }

  /**
   * How an execution has ended, as a name that `describeFailure` knows: it does not run any more, and none but a person can redrive it.
   * @returns `undefined` while it runs
   */
  async endOf(executionArn: string): Promise<string | undefined> {
    try {
      const { status } = await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
      return status === undefined || isRunning.has(status)
        ? undefined
        : (ends[status] ?? 'Execution.UNRECORDED');
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'Execution.DELETED';
      throw error;
    }
  }
}
