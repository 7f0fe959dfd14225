import { setTimeout as delay } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { LocalRegion } from '@tidemark/region';

/**
 * Starts a state machine by hand, as documented.
 * @param machine the output of the stack that has its ARN
 * @returns how the execution ended
 */
export async function startByHand(
  { sdkConfig, outputs }: LocalRegion,
  machine: string,
  input: object,
): Promise<{ status: string | undefined; output: string | undefined; cause: string | undefined }> {
  const client = new SFNClient(sdkConfig);
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn: outputs[machine], input: JSON.stringify(input) }),
  );
  for (;;) {
    const { status, output, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, output, cause };
    await delay(100);
  }
}
