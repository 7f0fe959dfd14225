import type { EventSink } from '../../gateway/service.ts';
import type { ExecutionRecord } from './execution-record.schema.ts';

/** Sends `Step Functions Execution Status Change` to the default bus. Best effort, as in AWS. */
export async function emitStatusChange(events: EventSink, record: ExecutionRecord): Promise<void> {
  await events.emit({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [record.executionArn],
    detail: {
      executionArn: record.executionArn,
      stateMachineArn: record.stateMachineArn,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      name: record.name,
      status: record.status,
      startDate: record.startDate,
      stopDate: record.stopDate ?? null,
      input: record.input,
      inputDetails: { included: true },
      output: record.output ?? null,
      outputDetails: record.output === undefined ? null : { included: true },
      error: record.error ?? null,
      cause: record.cause ?? null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'The local region does not support redrive',
    },
  });
}
