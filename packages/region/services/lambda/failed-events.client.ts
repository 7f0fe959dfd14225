import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Roles } from '../../gateway/roles.ts';
import type { AsyncEvent } from './async-event.schema.ts';
import type { FunctionConfiguration, InvocationResult } from './function-configuration.ts';

interface FailedEventsOptions {
  readonly roles: Roles;
  readonly endpoint: () => string;
  readonly region: string;
}

/** Sends events that failed for good to the queues that the function names, as the function's role. */
export class FailedEvents {
  readonly #options: FailedEventsOptions;

  constructor(options: FailedEventsOptions) {
    this.#options = options;
  }

  async send(
    configuration: FunctionConfiguration,
    functionArn: string,
    event: AsyncEvent,
    result: InvocationResult,
  ): Promise<void> {
    const { onFailureArn, deadLetterArn } = configuration;
    if (onFailureArn === undefined && deadLetterArn === undefined) return;
    const { roles, endpoint, region } = this.#options;
    const credentials = roles.credentialsFor(configuration.roleArn);
    const client = new SQSClient({ endpoint: endpoint(), region, credentials });
    try {
      if (onFailureArn !== undefined) {
        await sendMessage(client, endpoint(), onFailureArn, failureRecord(functionArn, event, result));
      }
      if (deadLetterArn !== undefined) await sendMessage(client, endpoint(), deadLetterArn, event.payload);
    } finally {
      client.destroy();
    }
  }
}

async function sendMessage(
  client: SQSClient,
  endpoint: string,
  queueArn: string,
  MessageBody: string,
): Promise<void> {
  const [, , , , account, name] = queueArn.split(':');
  // Asking for the URL would take a permission that Lambda does not need.
  const QueueUrl = `${endpoint}/${account}/${name}`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

/** The invocation record that Lambda sends to a destination for failures. */
const failureRecord = (functionArn: string, event: AsyncEvent, result: InvocationResult): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
    responsePayload: JSON.parse(result.payload),
  });
