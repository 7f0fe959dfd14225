import type { Visit } from '../execution-run.ts';
import { type Parameters, parametersOf } from '../tasks/parameters.ts';
import { parseResource } from '../tasks/resource.ts';

/** An operation of S3, called as the machine's role. @throws StateError as a task would */
export async function callS3(
  action: 'getObject' | 'listObjectsV2' | 'putObject',
  parameters: Parameters,
  { run, frame }: Visit,
): Promise<Parameters> {
  const resource = parseResource(`arn:aws:states:::aws-sdk:s3:${action}`);
  return parametersOf(
    await run.integrationFor(resource).call({
      resource,
      arguments: parameters,
      roleArn: run.execution.roleArn,
      executionArn: run.execution.arn,
      stateMachineArn: run.stateMachine.arn,
      signal: frame.signal,
    }),
  );
}
